import { useEffect, useRef, type RefObject } from 'react';

/** Hears what bubbles up to an element that is none to press itself. */
export function useListener<Name extends keyof HTMLElementEventMap>(
  root: RefObject<HTMLElement | null>,
  name: Name,
  listen: (event: HTMLElementEventMap[Name]) => void,
): void {
  const latest = useRef(listen);
  useEffect(() => {
    latest.current = listen;
  });
  useEffect(() => {
    const element = root.current;
    const hear = (event: HTMLElementEventMap[Name]) => latest.current(event);
    element?.addEventListener(name, hear);
    return () => element?.removeEventListener(name, hear);
  }, [root, name]);
}
