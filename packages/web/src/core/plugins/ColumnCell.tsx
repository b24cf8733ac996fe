import type { WebPlugin } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { safeUrl } from '../ui/safe-url.ts';
import { Spoken, Status } from '../ui/index.ts';
import classes from './ColumnCell.module.css';
import { columnQuery } from './column-query.ts';
import { Anchor } from './views/Anchor.tsx';
import { levelOf } from './views/words.ts';

const timeOf = (at: string) => new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

type ColumnCellProps = { plugin: WebPlugin; column: string; entityRef: string };

/** What a column of a plugin says of one entity: nothing until it is known, and a small sign where it cannot be. */
export function ColumnCell({ plugin, column, entityRef }: ColumnCellProps) {
  const { data, error } = useQuery(columnQuery(plugin, column, entityRef));
  const problem = error?.message ?? data?.problem;
  const cell = data?.cell;
  if (!cell) {
    if (problem === undefined) return null;
    const why = `Not known: ${plugin.title} could not be asked. ${problem}`;
    return (
      <span className={classes.unknown} title={why}>
        <span aria-hidden="true">?</span>
        <Spoken>{why}</Spoken>
      </span>
    );
  }
  const known = `Known to ${plugin.title} at ${timeOf(data.at)}${problem === undefined ? '' : `, not newer: ${problem}`}`;
  const href = cell.href?.startsWith('/') ? cell.href : safeUrl(cell.href);
  return (
    <span className={classes.cell} title={[cell.text, cell.hint, known].filter(Boolean).join('\n')}>
      <Anchor href={href}>
        {cell.tone ? <Status level={levelOf(cell.tone, cell.text)} label={cell.text} /> : cell.text}
      </Anchor>
    </span>
  );
}
