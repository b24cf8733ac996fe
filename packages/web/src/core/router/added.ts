import { useSyncExternalStore } from 'react';
import type { Feature } from './feature.ts';

let added: Feature[] = [];
const listeners = new Set<() => void>();

/** Sets what stands beside the features of the app: what plugins add, which comes and goes while the page is open. */
export function setAdded(features: Feature[]): void {
  added = features;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** What plugins add now. */
export const useAdded = (): Feature[] => useSyncExternalStore(subscribe, () => added);
