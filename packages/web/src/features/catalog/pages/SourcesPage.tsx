import { Button, Modal } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  count,
  EmptyState,
  ErrorState,
  grouped,
  PageHeader,
  quietTable,
  RelativeTime,
  SkeletonRows,
  Spoken,
  StaleNote,
  Status,
  type StatusLevel,
} from '../../../core/ui/index.ts';
import { May, MayOrWhy } from '../../../core/session/index.ts';
import { confirmSource, refreshSource, sourcesQuery, type Source } from '../api.ts';
import { heldOf } from '../held.ts';
import { RegisterLink } from '../parts/RegisterLink.tsx';
import classes from './SourcesPage.module.css';

const states: Record<string, { level: StatusLevel; word: string }> = {
  ok: { level: 'ok', word: 'Up to date' },
  failing: { level: 'failing', word: 'Failing' },
  held: { level: 'warning', word: 'Held' },
  new: { level: 'unknown', word: 'Not read yet' },
};

const origins: Record<string, string> = { config: 'configuration', location: 'registered', generated: 'generated' };

/** Where everything comes from, and how each place is doing. */
export function SourcesPage() {
  const { data, error, refetch } = useQuery(sourcesQuery);
  return (
    <>
      <PageHeader
        title="Sources"
        facts={data ? count(data.items.length, 'source') : null}
        description="Where the portal reads descriptors, when it last could, and what came of it."
        actions={<RegisterLink />}
      />
      {error && data ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      {error && !data ? (
        <ErrorState error={error} what="The sources could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={6} label="Loading the sources" />
      ) : data.items.length === 0 ? (
        <EmptyState title="There is no source" action={<RegisterLink />}>
          Register a location here, or name folders and repositories under catalog.locations in the configuration.
        </EmptyState>
      ) : (
        <table className={`${quietTable} ${classes.table}`}>
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col" className={classes.age}>
                Last read
              </th>
              <th scope="col" className={classes.figure}>
                Entities
              </th>
              <th scope="col" className={classes.figure}>
                Problems
              </th>
              <th scope="col">
                <Spoken>Actions</Spoken>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((source) => (
              <SourceRow key={source.id} source={source} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function SourceRow({ source }: { source: Source }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ['catalog'] }) };
  const refresh = useMutation({ mutationFn: () => refreshSource(source.id), ...settled });
  const confirm = useMutation({
    mutationFn: () => confirmSource(source.id),
    ...settled,
    onSuccess: () => setAsking(false),
  });
  const state = states[source.state] ?? { level: 'unknown' as const, word: source.state };
  const held = heldOf(source);
  return (
    <tr>
      <td data-label="Source">
        <div className={classes.target}>{source.target}</div>
        <div className={classes.second}>
          {source.type}, {origins[source.origin] ?? source.origin}
          {source.version ? <code> {source.version.slice(0, 12)}</code> : null}
        </div>
      </td>
      <td data-label="State">
        <Status level={state.level} label={state.word} />
        {source.failingSince ? (
          <span className={classes.second}>
            {' since '}
            <RelativeTime at={source.failingSince} />
          </span>
        ) : null}
        {source.error ? (
          <div className={classes.explain}>
            <p>{source.error.message}</p>
            <p className={classes.second}>{source.error.fix}</p>
          </div>
        ) : null}
        {held ? (
          <div className={classes.explain}>
            <p>
              It would lose {count(held.lost, 'entity', 'entities')} of {grouped(held.total)}. They are kept until you
              confirm.
            </p>
            <MayOrWhy permission="catalog.location.delete">
              <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
                Look and confirm
              </Button>
            </MayOrWhy>
          </div>
        ) : null}
        {refresh.error ? <p className={classes.failed}>{refresh.error.message}</p> : null}
      </td>
      <td data-label="Last read" className={classes.age}>
        {source.lastSuccessAt ? <RelativeTime at={source.lastSuccessAt} /> : 'never'}
        {source.nextAttemptAt ? (
          <div className={classes.second}>
            {source.type === 'file' ? 'watched, ' : ''}next <RelativeTime at={source.nextAttemptAt} ahead />
          </div>
        ) : null}
      </td>
      <td data-label="Entities" className={classes.figure}>
        {grouped(source.entities)}
      </td>
      <td data-label="Problems" className={classes.figure}>
        {grouped(source.problems)}
      </td>
      <td className={classes.actions}>
        <May permission="catalog.entity.refresh">
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconRefresh size="0.75rem" />}
            loading={refresh.isPending}
            onClick={() => refresh.mutate()}
          >
            Read now<Spoken> {source.target}</Spoken>
          </Button>
        </May>
        {held ? (
          <Modal
            opened={asking}
            onClose={() => setAsking(false)}
            title="Delete what this source no longer has?"
            centered
          >
            <p>
              {source.target} had {count(held.total, 'entity', 'entities')}; {grouped(held.lost)} of them are gone:
            </p>
            <ul className={classes.lost}>
              {held.refs.map((ref) => (
                <li key={ref}>
                  <code>{ref}</code>
                </li>
              ))}
              {held.lost > held.refs.length ? (
                <li>and {(held.lost - held.refs.length).toLocaleString('en-US')} more</li>
              ) : null}
            </ul>
            {confirm.error ? <ErrorState error={confirm.error} what="Not confirmed" /> : null}
            <div className={classes.answer}>
              <Button variant="default" onClick={() => setAsking(false)}>
                Keep them
              </Button>
              <Button color="red" loading={confirm.isPending} onClick={() => confirm.mutate()}>
                Delete {count(held.lost, 'entity', 'entities')}
              </Button>
            </div>
          </Modal>
        ) : null}
      </td>
    </tr>
  );
}
