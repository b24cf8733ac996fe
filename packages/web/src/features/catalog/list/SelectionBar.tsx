import { Button } from '@mantine/core';
import { IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { copyText, count, grouped, iconButton } from '../../../core/ui/index.ts';
import type { Column } from '../columns.tsx';
import type { Question } from '../queries.ts';
import { allRefs, readRefs, type Format } from './read-all.ts';
import classes from './SelectionBar.module.css';
import { useExport } from './use-export.ts';

type SelectionBarProps = {
  refs: ReadonlySet<string>;
  choose: (refs: ReadonlySet<string>) => void;
  question: Question;
  columns: Column[];
  total: number;
  name: string;
};

/** What can be done with the rows that are chosen. */
export function SelectionBar({ refs, choose, question, columns, total, name }: SelectionBarProps) {
  const { busy, error, start } = useExport(`${name}-selection`);
  const [said, setSaid] = useState('');
  const reading = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => reading.current?.abort(), []);
  const copy = () =>
    void copyText([...refs].join('\n')).then(
      () => setSaid(`${count(refs.size, 'reference')} copied`),
      () => setSaid('The browser did not let us copy'),
    );
  const chooseAll = async () => {
    reading.current?.abort();
    reading.current = new AbortController();
    try {
      choose(new Set(await allRefs(question, reading.current.signal)));
      setSaid('');
    } catch (failure) {
      if (!reading.current.signal.aborted) setSaid((failure as Error).message);
    }
  };
  const run = (format: Format) => void start((signal) => readRefs([...refs], { signal }), format, columns);
  return (
    <section className={classes.bar} aria-label="Chosen rows">
      <strong className={classes.count}>{grouped(refs.size)} chosen</strong>
      {refs.size < total ? (
        <Button size="xs" variant="default" onClick={() => void chooseAll()}>
          Choose all {grouped(total)}
        </Button>
      ) : null}
      <Button size="xs" leftSection={<IconCopy size="0.875rem" aria-hidden />} onClick={copy}>
        Copy references
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => run('csv')}>
        CSV
      </Button>
      <Button size="xs" variant="default" disabled={busy} onClick={() => run('json')}>
        JSON
      </Button>
      <span role="status" className={classes.said}>
        {error ? error.message : said}
      </span>
      <button
        type="button"
        className={`${iconButton} ${classes.clear}`}
        aria-label="Choose none"
        onClick={() => choose(new Set())}
      >
        <IconX size="1rem" aria-hidden />
      </button>
    </section>
  );
}
