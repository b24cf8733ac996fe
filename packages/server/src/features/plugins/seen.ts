import type { TableView, ViewModel } from '@callboard/model/plugins';

type Row = TableView['rows'][number];
type Cell = Row[string];
type Shares = { shares: Record<string, number>; others?: number };
/** Refs of the entities that a reader may see; undefined for those who see the whole catalog. */
type Seen = ReadonlySet<string> | undefined;

const ofRef = /^[a-z][\w-]*:[\w.-]+\/[\w.-]+$/;
const isShares = (value: unknown): value is Shares => typeof value === 'object' && value !== null && 'shares' in value;

/** The entity that a link within the portal leads to: its page, its documentation. */
export function linkedTo(href: string | undefined): string | undefined {
  const [, namespace, kind, name] = /^\/(?:catalog|docs)\/([^/?#]+)\/([^/?#]+)\/([^/?#]+)/.exec(href ?? '') ?? [];
  if (namespace === undefined) return undefined;
  try {
    return decodeURIComponent(`${kind}:${namespace}/${name}`).toLowerCase();
  } catch {
    return undefined;
  }
}

const textOf = (cell: Cell | undefined): string | undefined => {
  const text = typeof cell === 'object' && cell !== null && 'text' in cell ? cell.text : cell;
  return typeof text === 'string' && text !== '' ? text.toLowerCase() : undefined;
};

/** The entities that a cell names, by its column and by where it leads. */
function cellRefs(cell: Cell | undefined, isEntity: boolean): string[] {
  const named = isEntity ? textOf(cell) : undefined;
  const linked = typeof cell === 'object' && cell !== null && 'href' in cell ? linkedTo(cell.href) : undefined;
  return [named, linked].filter((ref) => ref !== undefined);
}

const entityColumns = (view: TableView) => view.columns.filter(({ type }) => type === 'entity').map(({ id }) => id);

/** What a row is about: the key that the table names, else the first cell of a column of entities that has one. */
function subjectOf(view: TableView, row: Row): string | undefined {
  if (view.about !== undefined) return textOf(row[view.about]);
  return entityColumns(view)
    .map((id) => textOf(row[id]))
    .find((ref) => ref !== undefined);
}

type Item = { about?: string; href?: string };
const itemsOf = (view: ViewModel): readonly Item[] => {
  if (view.model === 'log') return view.lines;
  if (view.model === 'chart') return view.series;
  return view.model === 'table' || view.model === 'markdown' ? [] : view.items;
};
const itemRefs = ({ about, href }: Item): string[] =>
  [about?.toLowerCase(), linkedTo(href)].filter((ref) => ref !== undefined);

/** All refs that a view names, to be asked which of them somebody may see. */
export function refsOf(view: ViewModel): string[] {
  const refs = new Set<string>();
  const add = (found: Iterable<string | undefined>) => {
    for (const ref of found) if (ref !== undefined && ofRef.test(ref)) refs.add(ref);
  };
  const addShares = (value: unknown) => {
    if (isShares(value)) add(Object.keys(value.shares).map((ref) => ref.toLowerCase()));
  };
  for (const { entities } of view.remarks ?? []) add(entities.map((ref) => ref.toLowerCase()));
  if (view.model === 'table') {
    const entities = new Set(entityColumns(view));
    for (const row of view.rows) {
      add([subjectOf(view, row)]);
      for (const [id, cell] of Object.entries(row)) {
        add(cellRefs(cell, entities.has(id)));
        addShares(cell);
      }
    }
  }
  for (const item of itemsOf(view)) {
    add(itemRefs(item));
    if ('value' in item) addShares(item.value);
  }
  return [...refs];
}

/** The sum of what somebody may see; nothing where all of it is of others. */
function sumOf({ shares, others }: Shares, seen: Seen): number | null {
  const counted = Object.entries(shares).filter(([ref]) => seen?.has(ref.toLowerCase()) ?? true);
  const rest = seen ? undefined : others;
  if (seen && counted.length === 0 && others !== undefined) return null;
  return counted.reduce((sum, [, share]) => sum + share, rest ?? 0);
}

function tableAsSeen(view: TableView, seen: Seen): TableView {
  const entities = new Set(entityColumns(view));
  const isSeen = (ref: string | undefined) => ref === undefined || seen === undefined || seen.has(ref);
  const cellAsSeen = (id: string, cell: Cell): Cell => {
    if (isShares(cell)) return sumOf(cell, seen);
    return cellRefs(cell, entities.has(id)).every(isSeen) ? cell : null;
  };
  const rows = view.rows
    .filter((row) => isSeen(subjectOf(view, row)))
    .map((row) => Object.fromEntries(Object.entries(row).map(([id, cell]) => [id, cellAsSeen(id, cell)])));
  const isUsed = (id: string) => rows.some((row) => (row[id] ?? null) !== null);
  const shown = view.columns.filter(({ id, onlyWhenUsed }) => !onlyWhenUsed || isUsed(id));
  const columns = shown.map(({ id, title, type }) => ({ id, title, ...(type && { type }) }));
  const { about: _about, ...rest } = view;
  return { ...rest, columns: columns.length > 0 ? columns : view.columns.slice(0, 1), rows };
}

/** The note with those remarks that somebody may read. */
function noteAsSeen({ note, remarks = [] }: ViewModel, seen: Seen): string | undefined {
  const read = remarks.filter(
    ({ entities }) => !seen || (entities.length > 0 && entities.every((ref) => seen.has(ref.toLowerCase()))),
  );
  const text = [note, ...read.map((remark) => remark.text)].filter((each) => each !== undefined).join(' ');
  return text === '' ? undefined : text.slice(0, 2000);
}

/**
 * A view as somebody may see it: what is about other entities is left out, and does not count. The model that comes out says nothing any more of
 * whom it was about.
 */
export function asSeen(view: ViewModel, seen: Seen): ViewModel {
  const { remarks: _remarks, note: _note, ...given } = view;
  const note = noteAsSeen(view, seen);
  const head = note === undefined ? {} : { note };
  const isSeen = (item: Item) => !seen || itemRefs(item).every((ref) => seen.has(ref));
  const bare = <T extends Item>({ about: _about, ...item }: T) => item as T;
  const left = <T extends Item>(items: readonly T[]): T[] => items.filter(isSeen).map(bare);
  switch (given.model) {
    case 'table':
      return { ...tableAsSeen(given, seen), ...head };
    case 'stat':
      return {
        ...given,
        items: left(given.items).map((item) =>
          isShares(item.value) ? { ...item, value: sumOf(item.value, seen) } : item,
        ),
        ...head,
      };
    case 'timeline':
      return { ...given, items: left(given.items), ...head };
    case 'links':
      return { ...given, items: left(given.items), ...head };
    case 'chart':
      return { ...given, series: left(given.series), ...head };
    case 'log':
      return { ...given, lines: left(given.lines), ...head };
    default:
      return { ...given, ...head };
  }
}
