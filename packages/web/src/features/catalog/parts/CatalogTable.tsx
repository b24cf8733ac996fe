import type { Entity } from '@callboard/model';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  lazy,
  memo,
  Suspense,
  type CSSProperties,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useStarred } from '../../../core/session/index.ts';
import { AppLink, useNarrow, useRowHeight } from '../../../core/ui/index.ts';
import { listQuery } from '../api.ts';
import { useBriefs } from '../briefs.ts';
import { fitColumns, type Column } from '../columns.tsx';
import { cleanSearch, toggleSort, writeFilters, type CatalogFilters } from '../filters.ts';
import { useKinds } from '../kinds.ts';
import { layOut, type Part } from '../list/lines.ts';
import { Heading, namesIn, Row } from '../list/Rows.tsx';
import { useDrawn } from '../list/use-drawn.ts';
import { useKeptFocus } from '../list/use-kept-focus.ts';
import { usePeek } from '../list/use-peek.ts';
import { beyond, useRowsInView } from '../list/use-rows-in-view.ts';
import { useRoom } from '../list/use-room.ts';
import { pageSize, type Question } from '../queries.ts';
import { refOf } from '../entity.ts';
import classes from './CatalogTable.module.css';

const Peek = lazy(async () => ({ default: (await import('../list/Peek.tsx')).Peek }));

/** Where the last list began: the next one most likely does too, and draws no row for nothing. */
let usualTop = 0;

/** How much of a row the box for choosing it takes, in rem. */
const choiceWidth = 2;

/** j, k and the arrows go from row to row once the focus is in the table, x chooses; Enter opens, as everywhere. */
const moveFocus = (body: HTMLElement, event: KeyboardEvent) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = (event.target as HTMLElement).closest('tr');
  if (event.key === 'x') row?.querySelector<HTMLInputElement>('[data-row-choice]')?.click();
  const step =
    event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const links = [...body.querySelectorAll<HTMLAnchorElement>('[data-row-link]')];
  // From a heading the rows around it are next.
  const here = links.findIndex((link) => row?.contains(link));
  const after = links.findIndex((link) => row && row.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = links[here !== -1 ? here + step : step > 0 ? after : after - 1];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.closest('tr')?.scrollIntoView({ block: 'nearest' });
};

/** Rows that are asked for on their own: all of the list, or one of its groups. */
export type TablePart = Part & { question: Question; entityRef?: string | undefined };

export type Chosen = { refs: ReadonlySet<string>; set: (refs: ReadonlySet<string>) => void };

type CatalogTableProps = {
  filters: CatalogFilters;
  parts: TablePart[];
  /** What is in no group is called so; without it there are no groups. */
  none?: string | undefined;
  columns: Column[];
  fields: string[];
  label: string;
  chosen: Chosen;
};

const itemsOf = (results: { data?: { items: Entity[] } | undefined }[]) => results.map(({ data }) => data?.items);

const noneFolded: ReadonlySet<string> = new Set();
const toggled = (before: ReadonlySet<string>, key: string): ReadonlySet<string> => {
  const after = new Set(before);
  if (!after.delete(key)) after.add(key);
  return after;
};

/** All entities that fit the filters. Only the rows in view exist, and only their pages are fetched and kept up to date. */
export function CatalogTable(props: CatalogTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const room = useRoom(box);
  return <div ref={box}>{room === undefined ? null : <Table {...props} room={room} />}</div>;
}

/** @param props.room - how wide it may be, in rem; rows are drawn once, with the columns that fit */
function Table({
  filters,
  parts,
  none,
  columns: all,
  fields,
  label,
  chosen,
  room,
}: CatalogTableProps & { room: number }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const narrow = useNarrow();
  const { columns, widths } = useMemo(
    () => fitColumns(narrow ? all.slice(0, 1) : all, room - choiceWidth),
    [all, room, narrow],
  );
  const [folded, setFolded] = useState(noneFolded);
  const lines = useMemo(() => layOut(parts, none !== undefined, folded), [parts, none, folded]);
  const [top, setTop] = useState(usualTop);
  const rowHeight = useRowHeight();
  useLayoutEffect(() => {
    setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, [filters, rowHeight, room]);
  useEffect(() => {
    usualTop = top;
  }, [top]);

  useEffect(() => {
    const element = body.current;
    const listen = (event: KeyboardEvent) => element && moveFocus(element, event);
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, []);
  const { peeked, stay, leave } = usePeek(body, !narrow);

  // What flies by is neither asked for nor drawn: nobody sees it, and it would hold up what somebody wants to see.
  const { first, last, flies } = useRowsInView(lines.total, rowHeight, top);
  const shown = Array.from({ length: last - first }, (_, offset) => ({
    index: first + offset,
    ...lines.at(first + offset),
  }));
  const wanted = [
    ...new Set(
      shown.flatMap(({ part, row }) => (flies || row === 'heading' ? [] : `${part}:${Math.floor(row / pageSize)}`)),
    ),
  ];
  const pages = useQueries({
    queries: wanted.map((key) => {
      const [part, page] = key.split(':').map(Number) as [number, number];
      return listQuery(parts[part]!.question, page, fields);
    }),
    combine: itemsOf,
  });
  const entityAt = (part: number, row: number): Entity | undefined =>
    pages[wanted.indexOf(`${part}:${Math.floor(row / pageSize)}`)]?.[row % pageSize];

  const named = useMemo(
    () => [...new Set(pages.flatMap((page = []) => page.flatMap((entity) => namesIn(entity, columns))))],
    [pages, columns],
  );
  const briefs = useBriefs(named);
  const kinds = useKinds();
  const { refs: stars, toggle: toggleStar } = useStarred();
  const help = useMemo(
    () => ({ kinds, briefs, starred: new Set(stars), toggleStar, mixed: (filters.kind ?? '') === '', narrow }),
    [kinds, briefs, stars, toggleStar, filters.kind, narrow],
  );

  // A ref, so that rows that did not change are not drawn again when another one is chosen.
  const state = useRef({ last: -1, chosen, entityAt, lines });
  useEffect(() => {
    state.current = { ...state.current, chosen, entityAt, lines };
  });
  const choose = useCallback((entityRef: string, line: number, range: boolean) => {
    const { last: anchor, chosen: before, entityAt: find, lines: laidOut } = state.current;
    const next = new Set(before.refs);
    const add = !next.has(entityRef);
    const [from, to] = range && anchor >= 0 ? [Math.min(anchor, line), Math.max(anchor, line)] : [line, line];
    for (let index = from; index <= to; index += 1) {
      const { part, row } = laidOut.at(index);
      const entity = row === 'heading' ? undefined : find(part, row);
      const ref = index === line ? entityRef : entity && refOf(entity);
      if (ref !== undefined) next[add ? 'add' : 'delete'](ref);
    }
    state.current.last = line;
    before.set(next);
  }, []);

  const before = first * rowHeight;
  const after = (lines.total - last) * rowHeight;
  const isReady = (part: number, row: number | 'heading') => row === 'heading' || entityAt(part, row) !== undefined;
  const ready = flies ? [] : shown.flatMap(({ index, part, row }) => (isReady(part, row) ? [index] : []));
  const firstOnScreen = first === 0 ? 0 : first + beyond;
  const endOfScreen = last === lines.total ? last : last - beyond;
  const drawn = useDrawn(ready, (line) => line >= firstOnScreen && line < endOfScreen);
  const gaps = gapsBetween(shown, drawn);
  useKeptFocus(body, lines.total, gaps.size === 0);
  const visible = shown.flatMap(({ part, row }) => (row === 'heading' ? [] : (entityAt(part, row) ?? [])));

  return (
    <>
      <table
        role="table"
        className={classes.table}
        aria-label={label}
        aria-rowcount={lines.total + 1}
        style={{ '--columns': [choiceWidth, ...widths].map((width) => `${width}rem`).join(' ') } as CSSProperties}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            <ChooseShown entities={visible} chosen={chosen} />
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} filters={filters} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" ref={body}>
          {before > 0 ? <Spacer height={before} /> : null}
          {shown.map(({ index, part, row }) => {
            if (!drawn.has(index)) {
              const rows = gaps.get(index);
              return rows === undefined ? null : <Gap key={`gap ${index}`} rows={rows} rowHeight={rowHeight} />;
            }
            const { key, count: size, entityRef } = parts[part]!;
            if (row === 'heading')
              return (
                <Heading
                  key={`heading ${key}`}
                  line={index}
                  height={rowHeight}
                  entityRef={entityRef}
                  none={none!}
                  size={size}
                  folded={folded.has(key)}
                  fold={() => setFolded(toggled(folded, key))}
                />
              );
            const entity = entityAt(part, row)!;
            return (
              <Row
                key={index}
                line={index}
                height={rowHeight}
                entity={entity}
                columns={columns}
                chosen={chosen.refs.has(refOf(entity))}
                choose={choose}
                help={help}
              />
            );
          })}
          {after > 0 ? <Spacer height={after} /> : null}
        </tbody>
      </table>
      {peeked ? (
        <Suspense>
          <Peek key={peeked.entityRef} peeked={peeked} onEnter={stay} onLeave={leave} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Rows that are not drawn yet, next to each other: the line at which they begin, and how many they are. */
function gapsBetween(shown: { index: number }[], drawn: ReadonlySet<number>): Map<number, number> {
  const gaps = new Map<number, number>();
  let start: number | undefined;
  for (const { index } of shown) {
    if (drawn.has(index)) start = undefined;
    else gaps.set((start ??= index), index - start + 1);
  }
  return gaps;
}

/** Grey in the place of rows: one element however many they are, since a quick hand passes thousands. */
const Gap = ({ rows, rowHeight }: { rows: number; rowHeight: number }) => (
  <tr aria-hidden="true" className={`${classes.spacer} ${classes.gap}`}>
    <td style={{ height: rows * rowHeight, backgroundSize: `100% ${rowHeight}px, 30% ${rowHeight}px` }} />
  </tr>
);

/** The height is that of its cell: browsers remember the style of an element for each style that its parent had. */
const Spacer = ({ height }: { height: number }) => (
  <tr aria-hidden="true" className={classes.spacer}>
    <td style={{ height }} />
  </tr>
);

/** Chooses the rows on the screen; the bar that comes then offers all others. */
function ChooseShown({ entities, chosen }: { entities: Entity[]; chosen: Chosen }) {
  const refs = entities.map(refOf);
  const whole = refs.length > 0 && refs.every((ref) => chosen.refs.has(ref));
  const toggle = () => chosen.set(whole ? new Set() : new Set([...chosen.refs, ...refs]));
  return (
    <th role="columnheader" scope="col" className={classes.choice}>
      <label>
        <input type="checkbox" aria-label="Choose the rows on the screen" checked={whole} onChange={toggle} />
      </label>
    </th>
  );
}

/** Drawn once however far the list scrolls. */
const HeaderCell = memo(function HeaderCell({ column, filters }: { column: Column; filters: CatalogFilters }) {
  const navigate = useNavigate();
  const place = filters.sort.findIndex((sort) => sort.column === column.id);
  if (!column.sortable)
    return (
      <th role="columnheader" scope="col" title={column.hint}>
        {column.label}
      </th>
    );
  const sorted = filters.sort[place];
  const to = (also: boolean) => ({
    to: '.',
    search: cleanSearch(writeFilters({ ...filters, sort: toggleSort(filters.sort, column.id, also) })),
    replace: true,
    resetScroll: false,
  });
  const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp;
  const first = place === 0;
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={first ? (sorted!.descending ? 'descending' : 'ascending') : undefined}
    >
      <AppLink
        {...to(false)}
        className={classes.sort}
        title={`Sort by ${column.label.toLowerCase()}; with Shift within what is sorted already`}
        onClick={(event) => {
          if (!event.shiftKey) return;
          event.preventDefault();
          void navigate(to(true));
        }}
      >
        {column.label}
        {sorted ? <Arrow size="0.75rem" aria-hidden /> : null}
        {sorted && filters.sort.length > 1 ? <span className={classes.place}>{place + 1}</span> : null}
      </AppLink>
    </th>
  );
});
