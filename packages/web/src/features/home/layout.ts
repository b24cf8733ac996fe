import type { HomeLayout } from '@callboard/model/http';

export type Column = 'main' | 'side';

/** What the page shows until somebody arranges it. */
export const defaultLayout: HomeLayout = {
  main: ['start', 'teams', 'starred', 'recent', 'kinds'],
  side: ['problems', 'changes', 'views'],
  hidden: [],
};

export const widgetNames = [...defaultLayout.main, ...defaultLayout.side];

const columnOf = (layout: HomeLayout, name: string): Column => (layout.side.includes(name) ? 'side' : 'main');

const without = (layout: HomeLayout, name: string): HomeLayout => ({
  main: layout.main.filter((each) => each !== name),
  side: layout.side.filter((each) => each !== name),
  hidden: layout.hidden.filter((each) => each !== name),
});

/**
 * A stored layout with the widgets that are new since, and without those that are gone.
 *
 * @param added - names of widgets that plugins add; they stand last in the left column until somebody moves them
 */
export function completeLayout(stored: HomeLayout | undefined, added: readonly string[] = []): HomeLayout {
  if (!stored)
    return added.length === 0 ? defaultLayout : { ...defaultLayout, main: [...defaultLayout.main, ...added] };
  const known = (names: string[]) => names.filter((name) => widgetNames.includes(name) || added.includes(name));
  const layout = { main: known(stored.main), side: known(stored.side), hidden: known(stored.hidden) };
  const placed = new Set([...layout.main, ...layout.side, ...layout.hidden]);
  const fresh = (names: string[]) => names.filter((name) => !placed.has(name));
  return {
    main: [...layout.main, ...fresh([...defaultLayout.main, ...added])],
    side: [...layout.side, ...fresh(defaultLayout.side)],
    hidden: layout.hidden,
  };
}

/** Puts a widget at a place of a column; beyond its end means last. */
export function place(layout: HomeLayout, name: string, column: Column, index: number): HomeLayout {
  const rest = without(layout, name);
  return { ...rest, [column]: rest[column].toSpliced(index, 0, name) };
}

/** One step up or down in its column. */
export function step(layout: HomeLayout, name: string, by: -1 | 1): HomeLayout {
  const column = columnOf(layout, name);
  const index = layout[column].indexOf(name) + by;
  return index < 0 || index >= layout[column].length ? layout : place(layout, name, column, index);
}

/** To the other column, at the same height if it is that long. */
export function across(layout: HomeLayout, name: string): HomeLayout {
  const column = columnOf(layout, name);
  return place(layout, name, column === 'main' ? 'side' : 'main', layout[column].indexOf(name));
}

export const hide = (layout: HomeLayout, name: string): HomeLayout => {
  const rest = without(layout, name);
  return { ...rest, hidden: [...rest.hidden, name] };
};

/** Back into the column where it is by default, as its last one. */
export const show = (layout: HomeLayout, name: string): HomeLayout =>
  place(layout, name, columnOf(defaultLayout, name), Number.POSITIVE_INFINITY);
