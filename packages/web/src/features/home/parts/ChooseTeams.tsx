import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { useFollowedTeams } from '../../../core/session/index.ts';
import { ErrorState, SkeletonRows, useModal } from '../../../core/ui/index.ts';
import { nameOf, textAt } from '../../catalog/index.ts';
import { groupsQuery } from '../api.ts';
import classes from './ChooseTeams.module.css';

let open = false;
const listeners = new Set<() => void>();
const setOpen = (next: boolean) => {
  open = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Opens the list of groups. */
export function ChooseTeams({ compact = false }: { compact?: boolean }) {
  return (
    <button
      type="button"
      className={compact ? classes.plain : classes.button}
      aria-haspopup="dialog"
      onClick={() => setOpen(true)}
    >
      {compact ? (
        'Choose teams'
      ) : (
        <>
          <IconUsersGroup size="1rem" stroke={1.6} aria-hidden /> Choose your teams
        </>
      )}
    </button>
  );
}

/** All groups, each with a switch. Its place is the page, because what opened it goes when the first team is chosen. */
export function TeamsDialog() {
  return useSyncExternalStore(subscribe, () => open) ? <OpenDialog /> : null;
}

function OpenDialog() {
  const dialog = useModal();
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-label="Choose your teams"
      closedby="any"
      onClose={() => setOpen(false)}
    >
      <Teams onClose={() => setOpen(false)} />
    </dialog>
  );
}

function Teams({ onClose }: { onClose: () => void }) {
  const { data, error, refetch } = useQuery(groupsQuery);
  const { refs, toggle } = useFollowedTeams();
  const [text, setText] = useState('');
  const fits = (data ?? []).filter((group) =>
    `${nameOf(group)} ${group.metadata.name}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  return (
    <>
      <div className={classes.head}>
        <h2>Choose your teams</h2>
        <p>Home and the navigation show what they own, and what the teams below them own.</p>
        <input
          type="search"
          className={classes.filter}
          aria-label="Filter the teams"
          placeholder="Filter the teams"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div className={classes.list}>
        {error && !data ? (
          <ErrorState error={error} what="The groups could not be read" onRetry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows rows={6} label="Loading the groups" />
        ) : fits.length === 0 ? (
          <p className={classes.nothing}>
            {data.length === 0 ? 'The catalog has no groups yet.' : 'No group is called that.'}
          </p>
        ) : (
          fits.map((group) => {
            const ref = `group:${group.metadata.namespace ?? 'default'}/${group.metadata.name}`.toLowerCase();
            return (
              <label key={ref} className={classes.team}>
                <input type="checkbox" checked={refs.includes(ref)} onChange={() => toggle(ref)} />
                <span className={classes.name}>{nameOf(group)}</span>
                <span className={classes.type}>{textAt(group, 'spec.type')}</span>
              </label>
            );
          })
        )}
      </div>
      <div className={classes.foot}>
        <button type="button" className={classes.button} onClick={onClose}>
          Done
        </button>
      </div>
    </>
  );
}
