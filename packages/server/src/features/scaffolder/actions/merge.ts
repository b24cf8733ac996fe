import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import { type Document, isSeq } from 'yaml';

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Puts `added` into `before`, objects key by key.
 *
 * @param joinsLists - whether lists are joined; otherwise the new one replaces the old one
 */
export function mergeData(before: JsonValue, added: JsonValue, joinsLists: boolean): JsonValue {
  if (Array.isArray(before)) return joinsLists ? [...before, ...(Array.isArray(added) ? added : [added])] : added;
  if (!isJsonObject(before) || !isJsonObject(added)) return added;
  const merged: JsonObject = { ...before };
  for (const [key, value] of Object.entries(added)) {
    if (value === undefined || forbidden.has(key)) continue;
    merged[key] = Object.hasOwn(before, key) ? mergeData(before[key] as JsonValue, value, joinsLists) : value;
  }
  return merged;
}

/** The same in a YAML document, whose comments stay. */
export function mergeDocument(document: Document, added: JsonValue, joinsLists: boolean): Document {
  const put = (path: string[], value: JsonValue) => {
    const here = path.length === 0 ? document.contents : document.getIn(path, true);
    if (
      isJsonObject(value) &&
      (path.length === 0 || isJsonObject(document.toJSON() && valueAt(document.toJSON(), path)))
    ) {
      for (const [key, item] of Object.entries(value)) if (!forbidden.has(key)) put([...path, key], item);
    } else if (joinsLists && isSeq(here)) for (const item of [value].flat()) here.add(document.createNode(item));
    else document.setIn(path, document.createNode(value));
  };
  put([], added);
  return document;
}

const valueAt = (data: unknown, path: string[]) =>
  path.reduce<unknown>((from, key) => (isJsonObject(from) ? from[key] : undefined), data) as JsonValue;
