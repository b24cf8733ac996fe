import { Button, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { choosable, chosenColumns, columnAt, type Column } from '../columns.tsx';
import { cleanSearch, writeFilters, type CatalogFilters } from '../filters.ts';
import { smallIconButton } from '../../../core/ui/index.ts';
import classes from './panel.module.css';

type ColumnsPanelProps = {
  filters: CatalogFilters;
  columns: Column[];
  defaults: Column[];
  /** Those of plugins. */
  added: Column[];
};

const moved = <T,>(items: T[], from: number, to: number): T[] => items.with(from, items[to]!).with(to, items[from]!);

/** Which columns the list has, in which order; any field of a descriptor can be one. */
export function ColumnsPanel({ filters, columns, defaults, added }: ColumnsPanelProps) {
  const navigate = useNavigate();
  const [path, setPath] = useState('');
  const choose = (next: string[]) => {
    const same = next.length === defaults.length && next.every((id, index) => id === defaults[index]!.id);
    const search = cleanSearch(writeFilters({ ...filters, columns: same ? [] : next }));
    void navigate({ to: '.', search, replace: true, resetScroll: false });
  };
  const ids = columns.map(({ id }) => id);
  const others = [...defaults, ...choosable.map(columnAt), ...added].filter(
    ({ id }, index, all) => !ids.includes(id) && all.findIndex((other) => other.id === id) === index,
  );
  const add = (event: FormEvent) => {
    event.preventDefault();
    const id = chosenColumns([path.trim()]).at(-1)!.id;
    if (path.trim() !== '' && !ids.includes(id)) choose([...ids, id]);
    setPath('');
  };
  return (
    <>
      <section className={classes.part}>
        <h2 className={classes.title}>Columns</h2>
        <ul>
          {[...columns, ...others].map(({ id, label, from, hint }, index) => {
            const shown = index < ids.length;
            return (
              <li key={id} className={classes.line}>
                <label>
                  <input
                    type="checkbox"
                    checked={shown}
                    disabled={id === 'name'}
                    onChange={() => choose(shown ? ids.filter((other) => other !== id) : [...ids, id])}
                  />
                  <span className={classes.grow} title={hint}>
                    {label}
                    {from === undefined || from === label ? null : <span className={classes.from}> {from}</span>}
                  </span>
                </label>
                {shown ? (
                  <>
                    <button
                      type="button"
                      className={`${smallIconButton} ${classes.icon}`}
                      aria-label={`Move ${label} forward`}
                      disabled={index < 2}
                      onClick={() => choose(moved(ids, index, index - 1))}
                    >
                      <IconArrowUp size="0.875rem" aria-hidden />
                    </button>
                    <button
                      type="button"
                      className={`${smallIconButton} ${classes.icon}`}
                      aria-label={`Move ${label} back`}
                      disabled={index === 0 || index === ids.length - 1}
                      onClick={() => choose(moved(ids, index, index + 1))}
                    >
                      <IconArrowDown size="0.875rem" aria-hidden />
                    </button>
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
      </section>
      <section className={classes.part}>
        <form className={classes.form} onSubmit={add}>
          <TextInput
            size="xs"
            label="Another field"
            placeholder="metadata.labels.tier"
            maxLength={200}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" variant="default" disabled={path.trim() === ''}>
            Add
          </Button>
        </form>
        <p className={classes.note}>
          A click on a column’s head sorts by it; with Shift it sorts within what is sorted already. What has no room is
          left out, usual columns first and the last of them soonest: the arrows move a column forward.
        </p>
        <div className={classes.buttons}>
          <Button size="xs" variant="default" disabled={filters.columns.length === 0} onClick={() => choose([])}>
            Usual columns
          </Button>
        </div>
      </section>
    </>
  );
}
