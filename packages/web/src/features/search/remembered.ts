import { useCallback, useMemo } from 'react';
import { useStored } from '../../core/session/index.ts';

/** A search that this browser remembers: what was typed, and the address with all that narrowed it. */
export type Remembered = { term: string; href: string };

const mostRecent = 8;
const mostSaved = 30;

const isRemembered = (value: unknown): value is Remembered =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Remembered).term === 'string' &&
  typeof (value as Remembered).href === 'string' &&
  (value as Remembered).href.startsWith('/search');

/** Reads what is stored; anything that we would not have written is left out. */
export function readRemembered(text: string): Remembered[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRemembered) : [];
  } catch {
    return [];
  }
}

/** A new one goes to the top, an old one comes up again. */
export const withRemembered = (list: Remembered[], added: Remembered, most: number): Remembered[] =>
  [added, ...list.filter(({ href }) => href !== added.href)].slice(0, most);

/** Recent and saved searches. They stay in this browser: what somebody searches is nobody else's business. */
export function useRemembered() {
  const [recentText, writeRecent] = useStored<string>('search.recent', '[]');
  const [savedText, writeSaved] = useStored<string>('search.saved', '[]');
  const recent = useMemo(() => readRemembered(recentText), [recentText]);
  const saved = useMemo(() => readRemembered(savedText), [savedText]);
  const remember = useCallback(
    (search: Remembered) => writeRecent(JSON.stringify(withRemembered(recent, search, mostRecent))),
    [recent, writeRecent],
  );
  const save = useCallback(
    (search: Remembered) => {
      const without = saved.filter(({ href }) => href !== search.href);
      writeSaved(JSON.stringify(without.length < saved.length ? without : withRemembered(saved, search, mostSaved)));
    },
    [saved, writeSaved],
  );
  return { recent, saved, remember, save };
}
