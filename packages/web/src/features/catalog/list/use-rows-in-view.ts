import { useCallback, useSyncExternalStore } from 'react';

/** Rows beyond both edges of the window that exist too, and how many come or go at once. */
export const beyond = 8;
const step = 4;

/** The rows that a window shows, with some beyond its edges; `last` is one after the last. */
export function rowsBetween(from: number, to: number, height: number, count: number) {
  const first = Math.floor(from / height / step) * step - beyond;
  const last = Math.ceil(to / height / step) * step + beyond;
  return { first: Math.min(Math.max(0, first), count), last: Math.min(Math.max(0, last), count) };
}

/** How long the window must stand still before a list that flew by is drawn. */
const restMs = 100;

/** Where the window stands, which way it leapt there, and whether it flies: leaps on and on, faster than anybody reads. */
export type View = { from: number; height: number; leapt: number; flies: boolean };

/** One leap is a key, a way back, or the focus on its way, and shows its rows at once. */
export function moved({ from: before, leapt: way }: View, from: number, height: number): View {
  const leapt = Math.abs(from - before) > height / 4 ? Math.sign(from - before) : 0;
  return { from, height, leapt, flies: leapt !== 0 && leapt === way };
}

/** Asking for it right after a change makes the browser lay the page out at once: it is asked when it has moved. */
let view: View = { from: 0, height: 0, leapt: 0, flies: false };

const subscribe = (listener: () => void) => {
  let timer: number | undefined;
  const rest = () => {
    view = { ...view, leapt: 0, flies: false };
    listener();
  };
  const look = () => {
    view = moved(view, window.scrollY, window.innerHeight);
    window.clearTimeout(timer);
    if (view.leapt !== 0) timer = window.setTimeout(rest, restMs);
    listener();
  };
  // Where the last list stood is no way that this one came.
  view = { ...view, from: window.scrollY, height: window.innerHeight };
  rest();
  window.addEventListener('scroll', look, { passive: true });
  window.addEventListener('resize', look);
  return () => {
    window.clearTimeout(timer);
    window.removeEventListener('scroll', look);
    window.removeEventListener('resize', look);
  };
};

/**
 * Which rows of a long list, all of one height, are in sight, and whether they fly by.
 *
 * @param top - where the first row stands on the page, in pixels
 */
export function useRowsInView(count: number, height: number, top: number) {
  const snapshot = useCallback(() => {
    const from = view.from - top;
    const { first, last } = rowsBetween(from, from + (view.height || window.innerHeight), height, count);
    return `${first} ${last} ${Number(view.flies)}`;
  }, [count, height, top]);
  const [first, last, flies] = useSyncExternalStore(subscribe, snapshot).split(' ').map(Number) as [
    number,
    number,
    number,
  ];
  return { first, last, flies: flies === 1 };
}
