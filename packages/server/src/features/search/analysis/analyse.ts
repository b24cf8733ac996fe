import { hash } from 'node:crypto';
import type { SearchDocument } from '../types.ts';
import { stemmerOf } from './stems.ts';
import { gap, sequenceOf } from './sequence.ts';
import { addWords, joined, longestWord, type Whole } from './words.ts';

/** Grows when the same document gives other words than before: the index is then built anew. */
export const analysisVersion = 6;

const most = { title: 60, names: 120, tags: 200, operations: 300, facts: 300, text: 3_000 };
const wholeCharacters = 60;
/** Of each line that ranking looks at. */
const profileWords = 60;
const shownText = 4_000;

/** A document as the index takes it: words by field, in the order of `sequenceOf`. */
export type AnalysedDocument = {
  key: string;
  title: string;
  owner: string | null;
  kind: string | null;
  deprecated: 0 | 1;
  weight: number;
  /** fields whose matches rank highest */
  names: string[];
  /** tags, owner, operations, facts */
  head: string[];
  prose: string[];
  /** each once, as the keys are */
  stems: Iterable<string>;
  /** one token per value that can be filtered by */
  keys: Iterable<string>;
  /** its names and its title, with the words of each as one; null where it has a title only */
  joinedNames: string | null;
  /** what ranking looks at: see `readProfile` */
  profile: string;
  values: [name: string, value: string][];
  /** JSON for clients */
  body: string;
  /** words for the dictionary: those of names, titles and tags, and all others */
  headWords: Iterable<string>[];
  otherWords: Iterable<string>[];
};

const rememberedKeys = 5_000;
const keyTokens = new Map<string, string>();

/** The token that stands for a value in the index. */
export function keyToken(name: string, value: string): string {
  const text = `${name}\n${value.toLowerCase()}`;
  let token = keyTokens.get(text);
  if (token === undefined) {
    // Most values stand with many documents. Forgets everything when it has become too much.
    if (keyTokens.size >= rememberedKeys) keyTokens.clear();
    token = `zk${hash('sha1', text).slice(0, 18)}`;
    keyTokens.set(text, token);
  }
  return token;
}

/** The names of values under which the index itself files documents. */
export const ownKeys = { type: '$type', name: '$name', any: '$any' } as const;

const storedValue = (value: string) => value.trim().slice(0, 200);

/** Ways to write the ref of an owner in a filter. */
function refForms(ref: string): string[] {
  const match = /^([^:]+):([^/]+)\/(.+)$/.exec(ref);
  if (!match) return [ref];
  const [, kind, namespace, name] = match;
  return [...new Set([ref, `${namespace}/${name}`, name!, ...(namespace === 'default' ? [`${kind}:${name}`] : [])])];
}

type Field = { words: string[]; wholes: Whole[] };

function fieldOf(texts: readonly string[], limit: number): Field {
  const words: string[] = [];
  const wholes: Whole[] = [];
  for (const text of texts) {
    if (words.length >= limit) break;
    addWords(text, limit - words.length, words, wholes);
  }
  return { words, wholes };
}

/** Whether a word is one for the dictionary. */
export const isWord = (text: string) => text.length > 1 && text.length <= 32 && /\p{L}/u.test(text);

/** Analyses one document. Pure; runs in a worker thread. */
export function analyse(type: string, document: SearchDocument): AnalysedDocument {
  const names = fieldOf(document.names ?? [], most.names);
  const title = fieldOf([document.title], most.title);
  const owners = document.owner ? [document.owner.replace(/^[^:]+:(?:default\/)?/, ''), document.ownerName ?? ''] : [];
  const tags = fieldOf([...(document.tags ?? []), ...owners], most.tags);
  const operations = fieldOf(document.operations ?? [], most.operations);
  const facts = fieldOf(document.facts ?? [], most.facts);
  const prose = fieldOf([document.text ?? ''], most.text);

  const joinedNames = [...new Set((document.names ?? []).map(joined))].filter((name) => name.length <= wholeCharacters);
  const joinedTitle = joined(document.title).slice(0, longestWord);
  const whole = [...joinedNames, joinedTitle].filter(Boolean);
  const stem = stemmerOf(prose.words);
  const stems = new Set<string>();
  const proseWords = new Set(prose.words);
  for (const word of proseWords) {
    const stemmed = stem(word);
    if (stemmed !== word) stems.add(stemmed);
  }

  const values = Object.entries(document.values ?? {}).flatMap(([name, list]) =>
    [...new Set(list.map(storedValue).filter(Boolean))].map((value): [string, string] => [name, value]),
  );
  const keys = [
    keyToken(ownKeys.any, ''),
    keyToken(ownKeys.type, type),
    ...whole.map((name) => keyToken(ownKeys.name, name)),
    ...values.flatMap(([name, value]) =>
      (name === 'owner' ? refForms(value) : [value]).map((form) => keyToken(name, form)),
    ),
  ];

  // Parts only: wholes are nearly as many as documents, and their parts are found anyway.
  const headWords = [names.words, title.words, tags.words];
  const otherWords = [operations.words, facts.words, proseWords];
  const text = document.text ?? '';
  const body = {
    title: document.title,
    text: text.length > shownText ? `${text.slice(0, shownText).toWellFormed()}…` : text,
    location: document.location,
    ...document.fields,
    ...(document.resourceRef && { authorization: { resourceRef: document.resourceRef } }),
  };
  return {
    key: document.key,
    title: document.title,
    owner: document.owner ?? null,
    kind: document.values?.['kind']?.[0]?.toLowerCase() ?? null,
    deprecated: document.deprecated ? 1 : 0,
    weight: Math.round(100 * Math.min(Math.max(document.weight ?? 1, 0), 1)),
    names: [...sequenceOf(names), gap, ...sequenceOf(title), gap, ...whole],
    head: [tags, operations, facts].flatMap((field) => [...sequenceOf(field), gap]),
    prose: sequenceOf(prose),
    stems,
    keys: new Set(keys),
    joinedNames: joinedNames.some(Boolean) ? [...new Set(whole)].slice(0, profileWords).join(' ') : null,
    profile: [joinedNames, [joinedTitle], names.words, title.words, tags.words, operations.words, facts.words]
      .map((words) => words.slice(0, profileWords).join(' '))
      .join('\n'),
    values,
    body: JSON.stringify(body),
    headWords,
    otherWords,
  };
}

/** The words of a document by field, as ranking compares them, in order and with a space between two. */
export type Profile = Record<
  'joinedNames' | 'joinedTitle' | 'names' | 'title' | 'tags' | 'operations' | 'facts',
  string
>;

/** Reads `AnalysedDocument.profile`. */
export function readProfile(text: string): Profile {
  const [joinedNames = '', joinedTitle = '', names = '', title = '', tags = '', operations = '', facts = ''] =
    text.split('\n');
  return { joinedNames, joinedTitle, names, title, tags, operations, facts };
}
