import { useSyncExternalStore } from 'react';

let opened: { text: string; href?: string } | undefined;
const listeners = new Set<() => void>();

const set = (next: typeof opened) => {
  opened = next;
  for (const listener of listeners) listener();
};

/**
 * Opens the palette from anywhere.
 *
 * @param text - stands in its field already, such as `>` for actions only
 * @param href - what the actions are about, when it is not the page itself
 */
export const openPalette = (text = '', href?: string): void => set(href === undefined ? { text } : { text, href });
export const closePalette = (): void => set(undefined);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useOpenedPalette = () => useSyncExternalStore(subscribe, () => opened);
