import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { HistoryResponse } from '@callboard/model/http';
import { request } from '../../../core/api/index.ts';
import { EmptyState, ErrorState, RelativeTime, SkeletonRows, StaleNote } from '../../../core/ui/index.ts';
import { type EntityKey, type HistoryEntry } from '../api.ts';
import { useBrief } from '../briefs.ts';
import { LineDiff } from '../editor/LineDiff.tsx';
import { readRef, shortRef } from '../entity.ts';
import { EntityLink } from './EntityLink.tsx';
import classes from './HistoryTab.module.css';

const pageSize = 30;

const widest = 80;

/** A text as it is; other values on one line where they have room. */
const show = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const line = JSON.stringify(value) ?? '';
  return line.length > widest ? JSON.stringify(value, null, 2) : line;
};

const actions: Record<string, string> = {
  created: 'Came into the catalog',
  updated: 'Changed',
  moved: 'Moved to another file',
  deleted: 'Left the catalog',
};

/** What changed, when, from where and by whose hand; the newest first. */
export function HistoryTab({ entityKey }: { entityKey: EntityKey }) {
  const path = [entityKey.kind, entityKey.namespace, entityKey.name].map(encodeURIComponent).join('/');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['catalog', 'history', entityKey, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      request<HistoryResponse>(
        `/api/catalog/entities/by-name/${path}/history?limit=${pageSize}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ''}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ pageInfo }) => pageInfo.nextCursor,
  });
  if (error && !data)
    return <ErrorState error={error} what="The history could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={6} label="Loading the history" />;
  const entries = data.pages.flatMap(({ items }) => items);
  if (entries.length === 0)
    return <EmptyState title="Nothing has changed yet">Changes of the descriptor show up here.</EmptyState>;
  return (
    <>
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <ol className={classes.history}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {hasNextPage ? (
        <Button
          className={classes.more}
          size="xs"
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          Show older changes
        </Button>
      ) : null}
    </>
  );
}

/** Who did it: a person with a page where the catalog has one. */
function Actor({ actor }: { actor: string }) {
  const person = actor.startsWith('user:') ? readRef(actor, undefined, 'default') : undefined;
  if (person) return <Person actor={actor} name={shortRef(person)} />;
  return <>{actor.replace(/^source:(\w+):/, 'source $1 ')}</>;
}

function Person({ actor, name }: { actor: string; name: string }) {
  const { data } = useBrief(actor);
  return data ? <EntityLink entityRef={actor} icon={false} /> : <span title={actor}>{name}</span>;
}

function Entry({ entry }: { entry: HistoryEntry }) {
  return (
    <li className={classes.entry}>
      <div className={classes.when}>
        <RelativeTime at={entry.at} />
      </div>
      <div className={classes.what}>
        <p>
          <span className={classes.action}>{actions[entry.action] ?? entry.action}</span>{' '}
          <span className={classes.actor}>
            by <Actor actor={entry.actor} />
          </span>
        </p>
        {entry.location ? <p className={classes.place}>from {entry.location.replace(/^(file|url|git):/, '')}</p> : null}
        <ul>
          {entry.changes.map((change) => (
            <Change key={change.path} change={change} />
          ))}
        </ul>
      </div>
    </li>
  );
}

const hasLines = (value: unknown) => show(value).includes('\n');

function Change({ change: { path, before, after } }: { change: HistoryEntry['changes'][number] }) {
  if (before !== undefined && after !== undefined && (hasLines(before) || hasLines(after)))
    return (
      <li className={classes.long}>
        <code className={classes.path}>{path}</code>
        <LineDiff before={show(before)} after={show(after)} label={`Change of ${path}`} />
      </li>
    );
  return (
    <li className={classes.change}>
      <code className={classes.path}>{path}</code>
      {before === undefined ? null : <del>{show(before)}</del>}
      {after === undefined ? null : <ins>{show(after)}</ins>}
    </li>
  );
}
