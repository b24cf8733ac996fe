import type { Entity } from './entity.ts';

/** The three words that identify an entity. */
export type EntityRef = { kind: string; namespace: string; name: string };

/** What fills the parts that a short reference leaves out. */
export type RefContext = { defaultKind?: string; defaultNamespace?: string };

/** The namespace of entities that name none. */
export const defaultNamespace = 'default';

/** A text that is not an entity reference. */
export class RefError extends TypeError {
  override readonly name = 'RefError';
}

/**
 * Reads `[<kind>:][<namespace>/]<name>`. The case of letters is kept.
 *
 * @param text - the reference
 * @param context - what fills missing parts; without `defaultKind` the kind is required
 * @throws RefError when a part is empty or the kind is missing
 */
export function parseEntityRef(text: string, context: RefContext = {}): EntityRef {
  if (!text) throw new RefError('Entity reference must not be empty');
  const slash = text.indexOf('/');
  let colon = text.indexOf(':');
  // A colon behind the first slash belongs to the name.
  if (slash !== -1 && slash < colon) colon = -1;
  const kind = colon === -1 ? undefined : text.slice(0, colon);
  const namespace = slash === -1 ? undefined : text.slice(colon + 1, slash);
  const name = text.slice(Math.max(colon, slash) + 1);
  if (kind === '' || namespace === '' || name === '')
    throw new RefError(`Entity reference "${text}" was not on the form [<kind>:][<namespace>/]<name>`);
  const resolvedKind = kind ?? context.defaultKind;
  if (!resolvedKind)
    throw new RefError(
      `Entity reference "${text}" had missing or empty kind (e.g. did not start with "component:" or similar)`,
    );
  return { kind: resolvedKind, namespace: namespace ?? (context.defaultNamespace || defaultNamespace), name };
}

/**
 * The canonical, lower-case text of a reference: `component:default/my-name`.
 *
 * @param ref - an entity, or its three words
 */
export function stringifyEntityRef(ref: { kind: string; namespace?: string; name: string } | Entity): string {
  const named = 'metadata' in ref ? ref.metadata : ref;
  return `${ref.kind}:${named.namespace ?? defaultNamespace}/${named.name}`.toLowerCase();
}
