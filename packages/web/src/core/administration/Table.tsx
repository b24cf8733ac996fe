import type { ReactNode } from 'react';
import { Breakable, quietTable } from '../ui/index.ts';
import classes from './AdminPage.module.css';

export type Column<Row> = {
  label: string;
  cell: (row: Row) => ReactNode;
  className?: 'figure' | 'nowrap' | 'code' | 'text' | 'place';
};

type TableProps<Row> = { label: string; columns: Column<Row>[]; rows: Row[]; rowKey: (row: Row) => string };

/** A plain table that becomes a list of labelled lines where there is no room for columns. */
export function Table<Row>({ label, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <table className={`${quietTable} ${classes.table}`} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.label} scope="col" className={column.className === 'figure' ? classes.figure : undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td
                key={column.label}
                data-label={column.label}
                className={column.className && classes[column.className]}
              >
                <Cell content={column.cell(row)} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const isLongWord = /^\S{20,}$/;

/** A long text of one word, such as an address, breaks between its parts. */
const Cell = ({ content }: { content: ReactNode }) => (
  <span>{typeof content === 'string' && isLongWord.test(content) ? <Breakable text={content} /> : content}</span>
);
