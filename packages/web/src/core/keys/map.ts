import { useSyncExternalStore } from 'react';

let open = false;
const listeners = new Set<() => void>();
const set = (next: boolean) => {
  open = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Shows the keyboard map over the page. */
export const openKeyboardMap = (): void => set(true);
export const closeKeyboardMap = (): void => set(false);
export const useKeyboardMapOpen = (): boolean => useSyncExternalStore(subscribe, () => open);
