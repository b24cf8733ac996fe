import { fromPointer, toPointer, type Entity } from '@callboard/model';
import { descriptorOf } from '../entity.ts';

/** A value that the catalog completed itself, with why. */
export type AddedValue = { path: string; value: string; why: string };

const reasons: [RegExp, string][] = [
  [/^\/metadata\/namespace$/, 'The descriptor names no namespace, so it is the default one.'],
  [/managed-by-location$/, 'The file that describes it.'],
  [/managed-by-origin-location$/, 'The source that led to the file.'],
  [/view-url$/, 'The page of the file on its code host.'],
  [/edit-url$/, 'Where the code host lets the file be edited.'],
  [/source-location$/, 'The folder of the file on its code host.'],
  [/\/orphan$/, 'Nothing describes it any more.'],
];

function leaves(value: unknown, keys: string[]): [keys: string[], value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[keys, value]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...keys, key]));
}

/** "/metadata/annotations/a~1b" → "metadata.annotations.a/b": as people write it. */
export const dotted = (pointer: string): string => fromPointer(pointer).join('.');

/**
 * Values of an entity that do not stand in its descriptor.
 *
 * @param written - JSON pointers of everything that stands there
 */
export function addedValues(entity: Entity, written: ReadonlySet<string>): AddedValue[] {
  return leaves(descriptorOf(entity), []).flatMap(([keys, value]) => {
    const path = toPointer(keys);
    if (written.has(path)) return [];
    // What a placeholder brings in is the author's.
    const isBrought = keys.some((_, index) =>
      ['$text', '$json', '$yaml'].some((word) => written.has(toPointer([...keys.slice(0, index), word]))),
    );
    // Merged maps and aliases have no place of their own; only what the catalog is known to add is shown.
    const why = reasons.find(([pattern]) => pattern.test(path))?.[1];
    return isBrought || why === undefined ? [] : [{ path, value: String(value), why }];
  });
}
