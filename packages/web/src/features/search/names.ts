import { useMemo } from 'react';
import { canonicalRef, nameOf, readRef, shortRef, useBriefs } from '../catalog/index.ts';

/** What owners and systems are called: as people know them, and shortly by their references until that is known. */
export type Names = (ref: string) => string;

/** `group:default/booking` and `booking` mean the same where an owner stands. */
const known = (ref: string) => readRef(ref, 'group', 'default');

/** Asks what the entities of a page of results are called, in one call. */
export function useNames(refs: string[]): Names {
  const all = [...new Set(refs.map((ref) => known(ref)).flatMap((ref) => (ref ? canonicalRef(ref) : [])))].toSorted();
  const key = all.join(' ');
  const briefs = useBriefs(useMemo(() => (key === '' ? [] : key.split(' ')), [key]));
  return (ref) => {
    const named = known(ref);
    if (!named) return ref;
    const brief = briefs.get(canonicalRef(named));
    return brief ? nameOf(brief) : shortRef(named);
  };
}
