import { useCallback, useSyncExternalStore } from 'react';

/** Rows beyond both edges of the window that exist too, and how many come or go at once. */
const beyond = 8;
const step = 4;

/** The rows that a window shows, with some beyond its edges; `last` is one after the last. */
export function rowsBetween(from: number, to: number, height: number, count: number) {
  const first = Math.floor(from / height / step) * step - beyond;
  const last = Math.ceil(to / height / step) * step + beyond;
  return { first: Math.min(Math.max(0, first), count), last: Math.min(Math.max(0, last), count) };
}

const subscribe = (listener: () => void) => {
  window.addEventListener('scroll', listener, { passive: true });
  window.addEventListener('resize', listener);
  return () => {
    window.removeEventListener('scroll', listener);
    window.removeEventListener('resize', listener);
  };
};

/**
 * Which rows of a long list, all of one height, are in sight.
 *
 * @param top - where the first row stands on the page, in pixels
 */
export function useRowsInView(count: number, height: number, top: number): { first: number; last: number } {
  const snapshot = useCallback(() => {
    const from = window.scrollY - top;
    const { first, last } = rowsBetween(from, from + window.innerHeight, height, count);
    return `${first} ${last}`;
  }, [count, height, top]);
  const [first, last] = useSyncExternalStore(subscribe, snapshot).split(' ').map(Number) as [number, number];
  return { first, last };
}
