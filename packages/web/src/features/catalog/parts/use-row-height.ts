import { useSyncExternalStore } from 'react';

const phone = '(max-width: 48em)';

const measure = (): number => {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  // Two lines on a phone: the name, and what the missing columns would say.
  return Math.round(rem * (window.matchMedia(phone).matches ? 3 : 2));
};

const subscribe = (listener: () => void) => {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
};

/** The height of a row in pixels: it follows the reader's text size, and the width of the screen. */
export const useRowHeight = (): number => useSyncExternalStore(subscribe, measure);
