import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseEntityRef,
  type Problem,
  stringifyEntityRef,
} from '@callboard/model';

const ownerLine = /^[ \t]{1,40}owner:[ \t]*["']?([\w:./-]{1,200})["']?[ \t]*(?:#.*)?\r?$/m;

function ownerRef(owner: JsonValue | undefined, namespace: JsonValue | undefined): string | undefined {
  if (typeof owner !== 'string') return undefined;
  try {
    const defaultNamespace = typeof namespace === 'string' ? namespace : undefined;
    return stringifyEntityRef(parseEntityRef(owner, { defaultKind: 'group', defaultNamespace }));
  } catch {
    return undefined;
  }
}

/** The owner that a document names although it cannot be taken as it is. */
export function namedOwner(document: JsonObject): string | undefined {
  const { spec, metadata } = document;
  return ownerRef(isJsonObject(spec) ? spec.owner : undefined, isJsonObject(metadata) ? metadata.namespace : undefined);
}

/** The owner in a text that is no YAML: the first line that looks like one. */
export const ownerInText = (text: string): string | undefined => ownerRef(ownerLine.exec(text)?.[1], undefined);

export const withOwner = (problems: Problem[], owner: string | undefined): Problem[] =>
  owner === undefined ? problems : problems.map((problem) => ({ ...problem, owner }));
