import type { Entity } from '@callboard/model';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { listQuery } from '../api.ts';
import type { Column } from '../columns.tsx';
import { cleanSearch, writeFilters, type CatalogFilters } from '../filters.ts';
import { pageSize } from '../queries.ts';
import classes from './CatalogTable.module.css';
import { AppLink, useRoomForColumns, useRowHeight } from '../../../core/ui/index.ts';

type Row = { index: number; entity: Entity | undefined };

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, Row>();

/** j, k and the arrows go from row to row once the focus is in the table; Enter opens, as everywhere. */
const moveFocus = (body: HTMLElement, event: KeyboardEvent) => {
  const step =
    event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...body.querySelectorAll<HTMLAnchorElement>('[data-row-link]')];
  const row = (event.target as HTMLElement).closest('tr');
  const here = links.findIndex((link) => row?.contains(link));
  const next = links[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.closest('tr')?.scrollIntoView({ block: 'nearest' });
};

const renderCell = (column: Column, entity: Entity | undefined) =>
  entity ? column.cell(entity) : <span className={classes.bone} />;

type CatalogTableProps = { filters: CatalogFilters; columns: Column[]; fields: string[]; total: number; label: string };

/** All entities that fit the filters. Only the rows in view exist, and only their pages are fetched and kept up to date. */
export function CatalogTable({ filters, columns: all, fields, total, label }: CatalogTableProps) {
  const room = useRoomForColumns();
  const columns = useMemo(() => all.filter(({ rank }) => rank <= room), [all, room]);
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const rowHeight = useRowHeight();
  useLayoutEffect(() => {
    setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, [filters, rowHeight]);

  useEffect(() => {
    const element = body.current;
    const listen = (event: KeyboardEvent) => element && moveFocus(element, event);
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, []);

  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
  });
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const inView = virtualizer.getVirtualItems();
  const first = inView[0]?.index ?? 0;
  const last = inView.at(-1)?.index ?? 0;

  const firstPage = Math.floor(first / pageSize);
  const lastPage = Math.floor(last / pageSize);
  const pages = useQueries({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, index) =>
      listQuery(filters, firstPage + index, fields),
    ),
    combine: (results) => results.map(({ data }) => data?.items),
  });
  const rows = useMemo(
    () =>
      Array.from({ length: Math.max(0, last - first + 1) }, (_, offset): Row => {
        const index = first + offset;
        return { index, entity: pages[Math.floor(index / pageSize) - firstPage]?.[index % pageSize] };
      }),
    [first, last, firstPage, pages],
  );
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column) =>
          helper.display({
            id: column.id,
            cell: ({ row }) => renderCell(column, row.original.entity),
          }),
        ),
      ),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: rows, getRowId: (row) => String(row.index) });

  const weight = columns.reduce((sum, column) => sum + column.weight, 0);
  const before = Math.max(0, (inView[0]?.start ?? top) - top);
  const after = Math.max(0, virtualizer.getTotalSize() - ((inView.at(-1)?.end ?? top) - top));

  return (
    <table className={classes.table} aria-label={label} aria-rowcount={total + 1}>
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={{ width: `${(column.weight / weight) * 100}%` }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} filters={filters} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 ? <Spacer height={before} columns={columns.length} /> : null}
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} aria-rowindex={row.original.index + 2} style={{ height: rowHeight }}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
        {after > 0 ? <Spacer height={after} columns={columns.length} /> : null}
      </tbody>
    </table>
  );
}

const Spacer = ({ height, columns }: { height: number; columns: number }) => (
  <tr aria-hidden="true" className={classes.spacer}>
    <td colSpan={columns} style={{ height }} />
  </tr>
);

function HeaderCell({ column, filters }: { column: Column; filters: CatalogFilters }) {
  const sorted = filters.sort.column === column.id;
  const { descending } = filters.sort;
  if (!column.sortable) return <th scope="col">{column.label}</th>;
  const sort = { column: column.id, descending: sorted && !descending };
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <th scope="col" aria-sort={sorted ? (descending ? 'descending' : 'ascending') : undefined}>
      <AppLink
        to="."
        search={cleanSearch(writeFilters({ ...filters, sort }))}
        replace
        resetScroll={false}
        className={classes.sort}
      >
        {column.label}
        {sorted ? <Arrow size="0.75rem" aria-hidden /> : null}
      </AppLink>
    </th>
  );
}
