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

/** Asking for it right after a change makes the browser lay the page out at once: it is asked when it has moved. */
let view = { from: 0, height: 0 };

const subscribe = (listener: () => void) => {
  const look = () => {
    view = { from: window.scrollY, height: window.innerHeight };
    listener();
  };
  look();
  window.addEventListener('scroll', look, { passive: true });
  window.addEventListener('resize', look);
  return () => {
    window.removeEventListener('scroll', look);
    window.removeEventListener('resize', look);
  };
};

/**
 * Which rows of a long list, all of one height, are in sight.
 *
 * @param top - where the first row stands on the page, in pixels
 */
export function useRowsInView(count: number, height: number, top: number): { first: number; last: number } {
  const snapshot = useCallback(() => {
    const from = view.from - top;
    const { first, last } = rowsBetween(from, from + (view.height || window.innerHeight), height, count);
    return `${first} ${last}`;
  }, [count, height, top]);
  const [first, last] = useSyncExternalStore(subscribe, snapshot).split(' ').map(Number) as [number, number];
  return { first, last };
}
