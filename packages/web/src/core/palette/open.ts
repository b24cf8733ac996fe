import { useSyncExternalStore } from 'react';

export type OpenedPalette = { id: number; text: string; href?: string };

let opened: OpenedPalette | undefined;
let count = 0;
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
export function openPalette(text = '', href?: string): void {
  count += 1;
  set({ id: count, text, ...(href !== undefined && { href }) });
}

/** Closes this one: the browser tells late that a dialog was closed, and another may be open by then. */
export const closePalette = (id: number): void => {
  if (opened?.id === id) set(undefined);
};

/** What is typed before the field is there stands in it when it comes. */
export const typeAhead = (id: number, change: (text: string) => string): void => {
  if (opened?.id === id) set({ ...opened, text: change(opened.text) });
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const useOpenedPalette = () => useSyncExternalStore(subscribe, () => opened);
