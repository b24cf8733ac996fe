import type { EntityStatusItem, JsonObject, Relation } from '@callboard/model';

/** An entity in parts, as the store keeps it. `body` is JSON text of what the descriptor says. */
export type EntityParts = {
  uid: string;
  etag: string;
  body: string;
  /** absent when nobody asked for them */
  relations?: readonly Relation[];
  status?: readonly EntityStatusItem[];
};

const usualStart = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{/;
const metadataKey = '"metadata":{';

const endOfText = (json: string, start: number): number => {
  let index = start + 1;
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1;
  return index;
};

/** Where the members of `metadata` start, found without parsing the whole. */
function startOfMetadata(body: string): number {
  const usual = usualStart.exec(body);
  if (usual) return usual[0].length;
  let depth = 0;
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') {
      if (depth === 1 && body.startsWith(metadataKey, index)) return index + metadataKey.length;
      index = endOfText(body, index);
    }
  }
  throw new Error('An entity without metadata is stored');
}

/** Writes an entity as clients get it, putting what the catalog knows into the stored text. The text itself is not parsed. */
export function entityText({ uid, etag, body, relations, status }: EntityParts): string {
  const start = startOfMetadata(body);
  const comma = body[start] === '}' ? '' : ',';
  const identity = `"uid":${JSON.stringify(uid)},"etag":${JSON.stringify(etag)}${comma}`;
  const added = relations ? `,"relations":${JSON.stringify(relations)}` : '';
  const items = status?.length ? `,"status":${JSON.stringify({ items: status })}` : '';
  return `${body.slice(0, start)}${identity}${body.slice(start, -1)}${added}${items}}`;
}

/** The same as an object, for when parts of it are to be picked. */
export function entityObject({ uid, etag, body, relations, status }: EntityParts): JsonObject {
  const { metadata, ...rest } = JSON.parse(body) as JsonObject & { metadata: JsonObject };
  return {
    ...rest,
    metadata: { uid, etag, ...metadata },
    ...(relations && { relations: relations as Relation[] }),
    ...(status?.length && { status: { items: status as EntityStatusItem[] } }),
  };
}
