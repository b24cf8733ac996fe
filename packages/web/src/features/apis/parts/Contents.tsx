import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { AppLink } from '../../../core/ui/index.ts';
import { operationQuery, typeQuery, type Overview } from '../api.ts';
import { textHash, typeHash, type Place } from '../place.ts';
import classes from './Contents.module.css';
import { Verb } from './Verb.tsx';

type Row =
  | { kind: 'group'; key: string; label: string }
  | { kind: 'link'; key: string; hash: string; verb?: string; label: string; title: string; deprecated?: boolean };

const fits = (words: string[], ...texts: (string | undefined)[]) => {
  const all = texts.join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
};

/** Everything an API offers as rows: groups with their operations, then its types. */
export function contentRows(overview: Overview, filter: string): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: Row[] = [];
  if (words.length === 0) {
    rows.push({ kind: 'link', key: 'overview', hash: 'overview', label: 'Overview', title: 'Overview' });
    rows.push({
      kind: 'link',
      key: 'text',
      hash: textHash(),
      label: 'Definition as text',
      title: 'Definition as text',
    });
  }
  let group = -1;
  for (const line of overview.lines) {
    const name = overview.groups[line.group]?.name ?? '';
    if (!fits(words, line.verb, line.name, line.title, line.id, name)) continue;
    if (line.group !== group) {
      group = line.group;
      rows.push({ kind: 'group', key: `group ${group}`, label: name });
    }
    rows.push({
      kind: 'link',
      key: `operation ${line.id}`,
      hash: line.id,
      verb: line.verb,
      label: line.title ?? line.name,
      title: `${line.verb} ${line.name}`,
      ...(line.deprecated && { deprecated: true }),
    });
  }
  const types = overview.typeLines.filter((line) => fits(words, line.name, line.what));
  if (types.length > 0) rows.push({ kind: 'group', key: 'types', label: 'Types' });
  for (const { id, name, what, deprecated } of types)
    rows.push({
      kind: 'link',
      key: `type ${id}`,
      hash: typeHash(id),
      label: name,
      title: `${name}: ${what}`,
      ...(deprecated && { deprecated }),
    });
  return rows;
}

const hashOf = (place: Place): string =>
  place.view === 'operation'
    ? place.id
    : place.view === 'type'
      ? typeHash(place.id)
      : place.view === 'text'
        ? textHash()
        : 'overview';

const rowHeight = 30;

type ContentsProps = { entityRef: string; overview: Overview; place: Place };

/** The table of contents. Only the rows in view exist, so that a thousand operations are as quick as ten. */
export function Contents({ entityRef, overview, place }: ContentsProps) {
  const [filter, setFilter] = useState('');
  const rows = useMemo(() => contentRows(overview, filter), [overview, filter]);
  const box = useRef<HTMLDivElement>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  const here = hashOf(place);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rows[index]!.key,
  });
  const found = rows.filter(({ kind }) => kind === 'link').length;

  const prefetch = (hash: string) => {
    if (hash.startsWith('type/')) void client.prefetchQuery(typeQuery(entityRef, hash.slice(5)));
    else if (overview.lines.some(({ id }) => id === hash)) void client.prefetchQuery(operationQuery(entityRef, hash));
  };

  /** j, k and the arrows go from line to line, also to those that are not drawn yet. */
  const move = (event: KeyboardEvent) => {
    const step = ['j', 'ArrowDown'].includes(event.key) ? 1 : ['k', 'ArrowUp'].includes(event.key) ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const from = Number((event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index') ?? -1);
    let next = from + step;
    while (rows[next]?.kind === 'group') next += step;
    if (!rows[next]) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus());
  };

  return (
    <nav className={classes.nav} aria-label="Contents of the API">
      <input
        type="search"
        className={classes.filter}
        aria-label="Filter the contents"
        placeholder="Filter"
        value={filter}
        onChange={(event) => {
          setFilter(event.currentTarget.value);
          box.current?.scrollTo(0, 0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(event);
          const first = rows.find((row) => row.kind === 'link');
          if (event.key === 'Enter' && first?.kind === 'link') void navigate({ to: '.', hash: first.hash });
        }}
      />
      <span role="status" className={classes.spoken}>
        {filter === '' ? '' : `${found} found`}
      </span>
      {found === 0 ? <p className={classes.none}>Nothing here has “{filter}” in it.</p> : null}
      <div ref={box} className={classes.box}>
        <ul className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index]!;
            return (
              <li key={key} data-index={index} className={classes.row} style={{ transform: `translateY(${start}px)` }}>
                {row.kind === 'group' ? (
                  <span className={classes.group} title={row.label}>
                    {row.label}
                  </span>
                ) : (
                  <AppLink
                    to="."
                    hash={row.hash}
                    resetScroll={false}
                    className={classes.link}
                    current={row.hash === here ? 'true' : undefined}
                    title={row.title}
                    onMouseEnter={() => prefetch(row.hash)}
                    onFocus={() => prefetch(row.hash)}
                    onKeyDown={move}
                  >
                    <span className={classes.label} data-deprecated={row.deprecated}>
                      {row.label}
                    </span>
                    {row.verb ? <Verb verb={row.verb} /> : null}
                  </AppLink>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </nav>
  );
}
