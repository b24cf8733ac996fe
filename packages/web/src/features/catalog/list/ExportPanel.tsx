import { Button } from '@mantine/core';
import { count, ErrorState, grouped } from '../../../core/ui/index.ts';
import type { Column } from '../columns.tsx';
import type { Question } from '../queries.ts';
import classes from './panel.module.css';
import { readAll, type Format } from './read-all.ts';
import { useExport } from './use-export.ts';

type ExportPanelProps = { question: Question; columns: Column[]; total: number; name: string };

/** The whole list as a file: every row that fits, not only those on the screen. */
export function ExportPanel({ question, columns, total, name }: ExportPanelProps) {
  const { busy, done, error, start, cancel } = useExport(name);
  const run = (format: Format) => void start((signal) => readAll(question, { signal }), format, columns);
  return (
    <section className={classes.part}>
      <h2 className={classes.title}>Export {count(total, 'entity', 'entities')}</h2>
      <p className={classes.note}>CSV has the columns of the list, JSON the whole entities.</p>
      {columns.some(({ path }) => path === undefined) ? (
        <p className={classes.note}>Columns of plugins are left out: what they say is not in the catalog.</p>
      ) : null}
      <div className={classes.buttons}>
        <Button size="xs" disabled={busy} onClick={() => run('csv')}>
          CSV
        </Button>
        <Button size="xs" variant="default" disabled={busy} onClick={() => run('json')}>
          JSON
        </Button>
        {busy ? (
          <Button size="xs" variant="default" onClick={cancel}>
            Stop
          </Button>
        ) : null}
      </div>
      <p className={classes.note} role="status">
        {busy
          ? `${grouped(done)} of ${grouped(total)}`
          : done > 0
            ? `${count(done, 'entity', 'entities')} exported`
            : ''}
      </p>
      {error ? <ErrorState error={error} what="The file could not be made" /> : null}
    </section>
  );
}
