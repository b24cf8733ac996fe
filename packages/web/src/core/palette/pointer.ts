import { useEffect, type RefObject } from 'react';

type PointerHandlers = { onPoint: (id: string) => void; onChoose: (id: string, beside: boolean) => void };

const lineOf = (event: Event): string | undefined =>
  (event.target as Element).closest<HTMLElement>('[data-line]')?.dataset['line'];

/** The pointer in the list. The lines keep the keyboard's focus in the field; a pointer that rests while lines change under it chooses nothing. */
export function usePointer(list: RefObject<HTMLElement | null>, { onPoint, onChoose }: PointerHandlers): void {
  useEffect(() => {
    const element = list.current;
    const point = (event: PointerEvent) => {
      const id = lineOf(event);
      if (id !== undefined && (event.movementX !== 0 || event.movementY !== 0)) onPoint(id);
    };
    const choose = (event: MouseEvent) => {
      const id = lineOf(event);
      if (id !== undefined) onChoose(id, event.metaKey || event.ctrlKey || event.button === 1);
    };
    const keepFocus = (event: Event) => event.preventDefault();
    element?.addEventListener('pointermove', point);
    element?.addEventListener('click', choose);
    element?.addEventListener('auxclick', choose);
    element?.addEventListener('mousedown', keepFocus);
    return () => {
      element?.removeEventListener('pointermove', point);
      element?.removeEventListener('click', choose);
      element?.removeEventListener('auxclick', choose);
      element?.removeEventListener('mousedown', keepFocus);
    };
  });
}
