import type { RegisteredLocation } from '@callboard/model/http';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { routeErrors } from './errors.ts';

const fields = { id: 'id', type: 'type', target: 'target', entityref: 'entityRef' } as const;

const fieldOf = (key: string): keyof RegisteredLocation => {
  if (!Object.hasOwn(fields, key)) throw routeErrors.locationFieldUnknown({ field: key.slice(0, 100) });
  return fields[key as keyof typeof fields];
};

/**
 * Makes a test of registered locations out of a predicate. Locations are few, so they are tested one by one.
 *
 * @throws AppError 400 when the predicate names something that locations do not have
 */
export function locationTest(predicate: EntityPredicate): (location: RegisteredLocation) => boolean {
  if ('all' in predicate) {
    const tests = predicate.all.map(locationTest);
    return (location) => tests.every((test) => test(location));
  }
  if ('any' in predicate) {
    const tests = predicate.any.map(locationTest);
    return (location) => tests.some((test) => test(location));
  }
  if ('not' in predicate) {
    const test = locationTest(predicate.not);
    return (location) => !test(location);
  }
  if ('keys' in predicate) return () => false;
  const field = fieldOf(predicate.key);
  if ('exists' in predicate) return () => true;
  if ('prefix' in predicate) return (location) => location[field].toLowerCase().startsWith(predicate.prefix);
  const values = new Set(predicate.in);
  return (location) => values.has(location[field].toLowerCase());
}
