import { useEffect, useRef, useState, type RefObject } from 'react';

const patience = 300;
const grace = 150;

export type Peeked = { entityRef: string; row: DOMRect };

/**
 * Which row somebody dwells on, by pointer or by focus. It ends with Escape, with scrolling, and when the pointer is neither on a row nor on the
 * peek itself.
 */
export function usePeek(body: RefObject<HTMLElement | null>, enabled: boolean) {
  const [peeked, setPeeked] = useState<Peeked | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  const later = (after: number, work: () => void) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(work, after);
  };
  useEffect(() => {
    const element = body.current;
    if (!element || !enabled) return;
    const look = (event: Event) => {
      if (event instanceof PointerEvent && event.pointerType !== 'mouse') return;
      const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-ref]');
      if (!row) return;
      later(patience, () => setPeeked({ entityRef: row.dataset['ref']!, row: row.getBoundingClientRect() }));
    };
    const leave = () => later(grace, () => setPeeked(undefined));
    const end = () => {
      window.clearTimeout(timer.current);
      setPeeked(undefined);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') end();
    };
    element.addEventListener('pointerover', look);
    element.addEventListener('pointerleave', leave);
    element.addEventListener('focusin', look);
    element.addEventListener('focusout', leave);
    element.addEventListener('click', end);
    document.addEventListener('keydown', escape);
    window.addEventListener('scroll', end, { passive: true });
    return () => {
      window.clearTimeout(timer.current);
      element.removeEventListener('pointerover', look);
      element.removeEventListener('pointerleave', leave);
      element.removeEventListener('focusin', look);
      element.removeEventListener('focusout', leave);
      element.removeEventListener('click', end);
      document.removeEventListener('keydown', escape);
      window.removeEventListener('scroll', end);
    };
  }, [body, enabled]);
  return {
    peeked: enabled ? peeked : undefined,
    stay: () => window.clearTimeout(timer.current),
    leave: () => later(grace, () => setPeeked(undefined)),
  };
}
