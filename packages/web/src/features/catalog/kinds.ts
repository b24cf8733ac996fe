import { useQuery } from '@tanstack/react-query';
import { kindsQuery, type KindSummary } from './api.ts';

export type Kinds = {
  find: (kind: string) => KindSummary | undefined;
  titleOf: (kind: string) => string;
  pluralOf: (kind: string) => string;
  iconOf: (kind: string) => string;
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What the portal's kind registry says, in the words that people read. Works, less prettily, before it has answered. */
export function describeKinds(definitions: KindSummary[]): Kinds {
  const byKind = new Map(definitions.map((definition) => [definition.kind.toLowerCase(), definition]));
  const find = (kind: string) => byKind.get(kind.toLowerCase());
  const titleOf = (kind: string) => find(kind)?.title ?? find(kind)?.kind ?? capital(kind);
  return {
    find,
    titleOf,
    pluralOf: (kind) => {
      const plural = find(kind)?.plural;
      // The registry's plural is a word for addresses, in lower case: a regular one is better read from the title.
      const isRegular = plural === undefined || plural.toLowerCase() === `${kind}s`.toLowerCase();
      return isRegular ? `${titleOf(kind)}s` : capital(plural);
    },
    iconOf: (kind) => find(kind)?.icon ?? 'shape',
  };
}

const none: KindSummary[] = [];
const kept = new WeakMap<KindSummary[], Kinds>();

/** Every icon of a long list asks: the answer is worked out once. */
function described(definitions: KindSummary[]): Kinds {
  const found = kept.get(definitions) ?? describeKinds(definitions);
  kept.set(definitions, found);
  return found;
}

export function useKinds(): Kinds {
  const { data } = useQuery(kindsQuery);
  return described(data?.items ?? none);
}

/** Whether the kinds are known, or cannot be. */
export const useKindsReady = (): boolean => !useQuery(kindsQuery).isPending;
