import { useLayoutEffect } from 'react';
import { closePalette, typeAhead } from './open.ts';

/** Stands in the place of the palette until its code is there: no key is lost, and none does what it does on the page below. */
export function TypeAhead({ id }: { id: number }) {
  // A layout effect ends with the commit that brings the field: a key after it is the field's.
  useLayoutEffect(() => {
    const keep = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') closePalette(id);
      else if (event.key === 'Backspace') typeAhead(id, (text) => text.slice(0, -1));
      else if (event.key.length === 1) typeAhead(id, (text) => text + event.key);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', keep, true);
    return () => window.removeEventListener('keydown', keep, true);
  }, [id]);
  return null;
}
