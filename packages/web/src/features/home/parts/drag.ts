import { useEffect, useState, type RefObject } from 'react';
import type { Column } from '../layout.ts';

/**
 * The pointer's way to move widgets. The same is to be had by their buttons, so nothing of this is needed by who uses the keyboard.
 *
 * @param container - holds the columns (`data-column`) with the widgets (`data-widget`, `data-index`)
 * @returns the name of what is being dragged
 */
export function useDrag(
  container: RefObject<HTMLElement | null>,
  onDrop: (name: string, column: Column, index: number) => void,
): string | undefined {
  const [dragged, setDragged] = useState<string>();
  useEffect(() => {
    const element = container.current;
    const near = (event: Event, selector: string) => (event.target as Element).closest<HTMLElement>(selector);
    const start = (event: DragEvent) => {
      const name = near(event, '[data-widget]')?.dataset['widget'];
      if (name === undefined || !event.dataTransfer) return;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', name);
      setDragged(name);
    };
    const over = (event: DragEvent) => {
      if (dragged !== undefined && near(event, '[data-column]')) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const column = near(event, '[data-column]')?.dataset['column'] as Column | undefined;
      if (dragged === undefined || column === undefined) return;
      event.preventDefault();
      const index = near(event, '[data-widget]')?.dataset['index'];
      onDrop(dragged, column, index === undefined ? Number.POSITIVE_INFINITY : Number(index));
      setDragged(undefined);
    };
    const end = () => setDragged(undefined);
    element?.addEventListener('dragstart', start);
    element?.addEventListener('dragover', over);
    element?.addEventListener('drop', drop);
    element?.addEventListener('dragend', end);
    return () => {
      element?.removeEventListener('dragstart', start);
      element?.removeEventListener('dragover', over);
      element?.removeEventListener('drop', drop);
      element?.removeEventListener('dragend', end);
    };
  });
  return dragged;
}
