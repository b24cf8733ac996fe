import { useEffect, useLayoutEffect, useReducer, useState } from 'react';

/** How many rows come into being at once where somebody scrolls, and how long the browser then has for its frame. */
const atOnce = 6;
const frameMs = 16;

/**
 * Which rows stand there next: of a new list those on the screen at once, everything else few at a time, so that no frame is long however
 * fast somebody scrolls.
 *
 * @param before - rows that stand there; nothing for a new list
 * @param ready - rows that are known, of those in sight and a little beyond
 * @param onScreen - whether a row is on the screen itself
 */
export function nextDrawn(
  before: ReadonlySet<number> | undefined,
  ready: readonly number[],
  onScreen: (line: number) => boolean,
): { drawn: ReadonlySet<number>; more: boolean } {
  const drawn = new Set(ready.filter((line) => before?.has(line) || (!before && onScreen(line))));
  const missing = ready.filter((line) => !drawn.has(line));
  const next = before ? missing.toSorted((a, b) => Number(onScreen(b)) - Number(onScreen(a))).slice(0, atOnce) : [];
  for (const line of next) drawn.add(line);
  return { drawn, more: missing.length > next.length };
}

/** Remembers what stands there. */
function createDrawing() {
  let before: ReadonlySet<number> | undefined;
  return {
    next: (ready: readonly number[], onScreen: (line: number) => boolean) => nextDrawn(before, ready, onScreen),
    keep(drawn: ReadonlySet<number>) {
      before = drawn;
    },
  };
}

/** The rows to draw now; draws the others with the next frames. */
export function useDrawn(ready: readonly number[], onScreen: (line: number) => boolean): ReadonlySet<number> {
  const [drawing] = useState(createDrawing);
  const [, again] = useReducer((times: number) => times + 1, 0);
  const { drawn, more } = drawing.next(ready, onScreen);
  const isEmpty = ready.length === 0;
  useLayoutEffect(() => {
    if (!isEmpty) drawing.keep(drawn);
  }, [drawing, drawn, isEmpty]);
  useEffect(() => {
    if (!more) return;
    const timer = setTimeout(again, frameMs);
    return () => clearTimeout(timer);
  }, [drawn, more]);
  return drawn;
}
