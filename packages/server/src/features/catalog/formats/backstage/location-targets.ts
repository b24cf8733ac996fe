import { isJsonObject, type JsonObject, type LocationRef } from '@callboard/model';
import type { CodeHost } from './hosts.ts';
import type { Locator } from './positions.ts';
import { resolveTarget } from './urls.ts';

/** Something that an entity of kind Location asks to be read. */
export type LocationTarget = {
  /** for `url` an absolute URL; for other types as written, to be resolved by the source */
  target: string;
  type: string;
  presence: 'required' | 'optional';
  entityRef: string;
  /** where it is written: JSON pointer, line and column */
  path: string;
  line: number;
  column: number;
};

const absolute = (target: string, type: string, base: LocationRef, hosts: CodeHost[]): string => {
  if (type !== 'url' || base.type !== 'url') return target;
  try {
    return resolveTarget(target, base.target, hosts);
  } catch {
    return target;
  }
};

/** Everything that a valid Location entity points at. A Location without type is read as its own file was. */
export function locationTargets(
  entity: JsonObject,
  place: { base: LocationRef; hosts: CodeHost[]; entityRef: string; locate: Locator },
): LocationTarget[] {
  const spec = isJsonObject(entity.spec) ? entity.spec : {};
  const type = typeof spec.type === 'string' ? spec.type : place.base.type;
  const targets: [path: string, target: unknown][] = [['/spec/target', spec.target]];
  if (Array.isArray(spec.targets))
    targets.push(...spec.targets.map((target, index): [string, unknown] => [`/spec/targets/${index}`, target]));
  return targets
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    .map(([path, target]) => ({
      target: absolute(target, type, place.base, place.hosts),
      type,
      presence: spec.presence === 'optional' ? 'optional' : 'required',
      entityRef: place.entityRef,
      path,
      ...place.locate(path),
    }));
}
