import { useSyncExternalStore } from 'react';

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** Below this the rail is a drawer and a row has two lines; the same figure stands in the style sheets. */
const phoneRem = 48;

const subscribe = (listener: () => void) => {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
};

const isNarrow = (limit: number): boolean => document.documentElement.clientWidth / rem() <= limit;

/** Whether the app has at most so much room, counted in the reader's text size: large text on a wide screen is narrow too. */
export const useNarrow = (limit = phoneRem): boolean => useSyncExternalStore(subscribe, () => isNarrow(limit));

/** The height of a table's row in pixels: one line, or two where the columns have no room. */
export const useRowHeight = (): number =>
  useSyncExternalStore(subscribe, () => Math.round(rem() * (isNarrow(phoneRem) ? 3 : 2)));
