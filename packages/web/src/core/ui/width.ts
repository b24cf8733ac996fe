import { useSyncExternalStore } from 'react';

/** Below this the rail is a drawer and a row has two lines; the same figure stands in the style sheets. */
const phoneRem = 48;

const listeners = new Set<() => void>();
let measured: { rem: number; width: number } | undefined;
let probe: HTMLElement | undefined;

const measure = () => {
  const root = document.documentElement;
  return { rem: Number.parseFloat(getComputedStyle(root).fontSize) || 16, width: root.clientWidth };
};

/** Asking the page how wide it is makes it lay itself out: it is asked again only after it or its text changed size. */
const size = () => (measured ??= measure());

const changed = () => {
  measured = undefined;
  for (const listener of listeners) listener();
};

function watch() {
  window.addEventListener('resize', changed);
  if (typeof ResizeObserver === 'undefined') return;
  probe = document.createElement('div');
  probe.style.cssText = 'position:absolute;visibility:hidden;width:1rem;height:0';
  document.body.append(probe);
  new ResizeObserver(changed).observe(probe);
}

const subscribe = (listener: () => void) => {
  if (!probe) watch();
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

const isNarrow = (limit: number): boolean => size().width / size().rem <= limit;

/** Whether the app has at most so much room, counted in the reader's text size: large text on a wide screen is narrow too. */
export const useNarrow = (limit = phoneRem): boolean => useSyncExternalStore(subscribe, () => isNarrow(limit));

/** The height of a table's row in pixels: one line, or two where the columns have no room. */
export const useRowHeight = (): number =>
  useSyncExternalStore(subscribe, () => Math.round(size().rem * (isNarrow(phoneRem) ? 3 : 2)));

/** The size of the reader's text in pixels. */
export const useTextSize = (): number => useSyncExternalStore(subscribe, () => size().rem);
