import { maskAddress, masked } from './secrets.ts';
import type { ConfigNode, PlainSchema } from './types.ts';

const quote = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The fixed values a schema allows, when that is all it allows. */
export function choicesOf(schema: PlainSchema): unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return schema.enum;
  const parts = schema.anyOf?.map((part) => choicesOf(part));
  return parts && parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** The fixed values among what a schema allows. */
export const knownValuesOf = (schema: PlainSchema): unknown[] =>
  choicesOf(schema) ?? schema.anyOf?.flatMap(knownValuesOf) ?? [];

/** What may be written, in words: `a whole number from 0 to 65535`. */
export function describeSchema(schema: PlainSchema): string {
  if (schema.expected) return schema.expected;
  const choices = choicesOf(schema);
  if (choices)
    return choices.length === 1
      ? quote(choices[0])
      : `${choices.slice(0, -1).map(quote).join(', ')} or ${quote(choices.at(-1))}`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(describeSchema))].join(', or ');
  if (schema.type === 'integer') return `a whole number${range(schema)}`;
  if (schema.type === 'number') return `a number${range(schema)}`;
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'array')
    return schema.minItems
      ? 'a list with at least one item'
      : `a list${schema.items ? ` of ${plural(schema.items)}` : ''}`;
  if (schema.type === 'object') return groupWords(schema);
  if (schema.type === 'string')
    return schema.pattern
      ? `text that matches ${schema.pattern}`
      : schema.minLength
        ? 'text that is not empty'
        : 'text';
  return 'a value';
}

function groupWords(schema: PlainSchema): string {
  const keys = Object.keys(schema.properties ?? {});
  return keys.length > 0 && keys.length <= 8 ? `a group with the keys ${keys.join(', ')}` : 'a group of keys';
}

function plural(schema: PlainSchema): string {
  if (schema.type === 'string') return 'text';
  if (schema.type === 'object') return 'groups of keys';
  return 'values';
}

function range(schema: PlainSchema): string {
  if (schema.minimum !== undefined && schema.maximum !== undefined)
    return ` from ${schema.minimum} to ${schema.maximum}`;
  if (schema.minimum !== undefined) return `, ${schema.minimum} or more`;
  if (schema.maximum !== undefined) return `, ${schema.maximum} or less`;
  return '';
}

/** What was written instead, in words; a secret is never shown. */
export function describeNode(node: ConfigNode, secret: boolean): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a group of keys';
  if (node.kind === 'fault') return 'nothing';
  if (node.value === null) return 'nothing';
  if (secret) return `${masked} (hidden)`;
  if (node.via) return `the value of ${node.via}`;
  const text = typeof node.value === 'string' ? maskAddress(node.value) : String(node.value);
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return typeof node.value === 'string' ? `"${shown}"` : shown;
}

/** The candidate that a person most likely meant, if one is near enough. */
export function nearest(word: string, candidates: string[]): string | undefined {
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < candidate.length && (!best || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Insertions, removals, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let cost = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        cost = Math.min(cost, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
