import type { TableView } from '@callboard/model/plugins';
import { useState } from 'react';
import { quietTable, RelativeTime, Status } from '../../ui/index.ts';
import { Actions } from './Actions.tsx';
import { Anchor, pathOfEntity } from './Anchor.tsx';
import { levelOf, wordsOfDuration } from './words.ts';
import classes from './views.module.css';

type Column = TableView['columns'][number];
type Cell = TableView['rows'][number][string] | undefined;
const shownFirst = 50;

/** Text that needs a column of some width. */
const isLong = (cell: Cell): boolean => {
  const text = typeof cell === 'object' && cell !== null ? ('text' in cell ? cell.text : '') : cell;
  return typeof text === 'string' && text.length > 32;
};

function Value({ column, cell }: { column: Column; cell: Cell }) {
  if (typeof cell === 'object' && cell !== null && 'actions' in cell) return <Actions actions={cell.actions} />;
  const rich = typeof cell === 'object' && cell !== null && 'text' in cell ? cell : undefined;
  const value = rich ? rich.text : typeof cell === 'object' ? null : cell;
  if (value === null || value === undefined || value === '') return <span className={classes.nothing}>—</span>;
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
  const kind = column.type ?? 'text';
  if (rich?.tone || kind === 'status')
    return (
      <Anchor href={rich?.href}>
        <Status level={levelOf(rich?.tone, text)} label={text} />
      </Anchor>
    );
  if (kind === 'time' && !Number.isNaN(Date.parse(text)))
    return (
      <Anchor href={rich?.href}>
        <RelativeTime at={typeof value === 'number' ? value : text} />
      </Anchor>
    );
  if (kind === 'duration' && typeof value === 'number') return wordsOfDuration(value);
  if (kind === 'number' && typeof value === 'number') return value.toLocaleString('en-US');
  if (kind === 'entity')
    return <Anchor href={rich?.href ?? pathOfEntity(text)}>{text.replace(/^.*[/:]/, '') || text}</Anchor>;
  return <Anchor href={rich?.href}>{text}</Anchor>;
}

/** Rows and columns; a long table shows its first rows until one asks for all. */
export function Table({ view }: { view: TableView }) {
  const [all, setAll] = useState(false);
  if (view.rows.length === 0) return <p className={classes.note}>There is nothing in it.</p>;
  const rows = all ? view.rows : view.rows.slice(0, shownFirst);
  const isFigure = ({ type }: Column) => type === 'number' || type === 'duration';
  return (
    <>
      {/* A region that scrolls must be reachable by the keyboard. */}
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={view.title ?? 'Table'}>
        <table className={`${quietTable} ${classes.table}`}>
          <thead>
            <tr>
              {view.columns.map((column) => (
                <th key={column.id} scope="col" data-figure={isFigure(column)}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {view.columns.map((column) => (
                  <td key={column.id} data-figure={isFigure(column)} data-long={isLong(row[column.id])}>
                    <Value column={column} cell={row[column.id]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length < view.rows.length ? (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          Show all {view.rows.length.toLocaleString('en-US')} rows
        </button>
      ) : null}
    </>
  );
}
