import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
};

/** A choice that this browser remembers and that all its tabs share. */
export function useStored<T extends string>(name: string, fallback: T): [T, (value: T) => void] {
  const key = `callboard.${name}`;
  const value = useSyncExternalStore(subscribe, () => (read(key) as T | null) ?? fallback);
  const write = useCallback(
    (next: T) => {
      try {
        localStorage.setItem(key, next);
      } catch {
        // Storage is switched off: the choice then lasts as long as nothing asks again.
      }
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [value, write];
}
