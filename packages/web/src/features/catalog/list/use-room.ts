import { useLayoutEffect, useState, type RefObject } from 'react';
import { useTextSize } from '../../../core/ui/index.ts';

/** How wide an element is, in the reader's text size; nothing before it is there. */
export function useRoom(element: RefObject<HTMLElement | null>): number | undefined {
  const text = useTextSize();
  const [room, setRoom] = useState<number | undefined>(undefined);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => setRoom(box.clientWidth / text);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element, text]);
  return room;
}
