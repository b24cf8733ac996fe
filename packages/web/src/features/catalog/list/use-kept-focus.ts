import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** The row that has the focus, and which of its links and boxes. */
type Place = { entityRef: string; line: number; control: number };

const controls = 'a, button, input';
const rowsOf = (body: HTMLElement) => [...body.querySelectorAll<HTMLElement>('tr[data-ref]')];
const lineOf = (row: HTMLElement) => Number(row.ariaRowIndex);

function placeOf(body: HTMLElement, element: Element | null): Place | undefined {
  const row = body.contains(element) ? element!.closest<HTMLElement>('tr[data-ref]') : null;
  if (!row) return undefined;
  const control = [...row.querySelectorAll(controls)].indexOf(element!);
  return { entityRef: row.dataset['ref']!, line: lineOf(row), control };
}

/**
 * Lets the focus follow the entity that has it when other rows come: rows are drawn again in their place, so that the next `Enter` would open
 * something else. Where the entity is gone the focus stays in its place, or goes to the last row of a list that has become shorter.
 *
 * @param lines - how many lines the list has
 * @param isWhole - whether every row in sight is drawn
 */
export function useKeptFocus(body: RefObject<HTMLElement | null>, lines: number, isWhole: boolean): void {
  const kept = useRef<Place>(undefined);
  useEffect(() => {
    const keep = () => {
      kept.current = body.current ? placeOf(body.current, document.activeElement) : undefined;
    };
    const forget = () => {
      kept.current = undefined;
    };
    document.addEventListener('focusin', keep);
    // What is pressed takes the focus away, also where nothing there can have it.
    document.addEventListener('pointerdown', forget);
    return () => {
      document.removeEventListener('focusin', keep);
      document.removeEventListener('pointerdown', forget);
    };
  }, [body]);
  useLayoutEffect(() => {
    const place = kept.current;
    const active = document.activeElement;
    if (!place || !body.current || (active !== document.body && !body.current.contains(active))) return;
    const rows = rowsOf(body.current);
    const itself = rows.find(({ dataset }) => dataset['ref'] === place.entityRef);
    if (itself?.contains(active) || !(itself || isWhole)) return;
    // The first line of the table is its head.
    const line = Math.min(place.line, lines + 1);
    const row = itself ?? rows.find((other) => lineOf(other) === line);
    const control = row?.querySelectorAll<HTMLElement>(controls)[place.control];
    if (row?.contains(active)) kept.current = placeOf(body.current, active);
    else (control ?? row?.querySelector<HTMLElement>('[data-row-link]'))?.focus({ preventScroll: true });
  });
}
