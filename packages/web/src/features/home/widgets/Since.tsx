import type { FeedEvent } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { usePreference } from '../../../core/session/index.ts';
import { AppLink, count, ErrorState, RelativeTime, SkeletonRows, Spoken } from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { lastChangesQuery, sinceQuery } from '../api.ts';
import { lastOfEach, sayChanges, withoutCrowd, type Saying } from '../changes.ts';
import { Nothing, Widget } from '../parts/Widget.tsx';
import classes from './Since.module.css';

const shown = 8;
const namedOfCrowd = 4;
const verbs: Record<string, string> = { created: 'is new', deleted: 'is gone', moved: 'has moved', updated: 'changed' };
const actionOf = (event: FeedEvent) => event.type.split('.').at(-1) ?? '';

/** What changed since this person was last here; on the first visit, what changed last. */
export function Since() {
  const { value: visit, ready } = usePreference('last-visit');
  const { data, error, refetch } = useQuery({ ...sinceQuery(visit?.before?.cursor), enabled: ready });
  const before = visit?.before;
  const all = data ? lastOfEach(data.events) : undefined;
  const { crowd, others } = withoutCrowd(all ?? []);
  const left = others.length - shown;
  return (
    <Widget
      title={before ? 'Since you were last here' : 'Latest changes'}
      aside={before ? <RelativeTime at={before.seenAt} /> : null}
    >
      {error && !data ? (
        <ErrorState error={error} what="The changes could not be read" onRetry={() => void refetch()} />
      ) : !all ? (
        <SkeletonRows rows={5} label="Loading the changes" />
      ) : all.length === 0 ? (
        <Nothing>
          {before
            ? 'Nothing has changed. What does shows up here within a second.'
            : 'Nothing has changed yet. A saved descriptor shows up here within a second.'}
        </Nothing>
      ) : (
        <ul>
          {others.slice(0, shown).map((event) => (
            <Change key={event.id} event={event} />
          ))}
          {crowd.length > 0 ? <Crowd events={crowd} isCut={data?.isCut ?? false} /> : null}
        </ul>
      )}
      {left > 0 ? <Nothing>{left} more have changed</Nothing> : null}
    </Widget>
  );
}

/** Many new things at once, as after a first reading: the number, and a few names. */
function Crowd({ events, isCut }: { events: FeedEvent[]; isCut: boolean }) {
  const more = events.length - namedOfCrowd;
  return (
    <li className={classes.change}>
      <div className={classes.what}>
        <AppLink to="/catalog">
          {isCut ? 'More than ' : null}
          {count(events.length, 'new entity', 'new entities')}
        </AppLink>
        <span className={classes.when}>
          <RelativeTime at={events[0]!.at} />
        </span>
      </div>
      <div className={classes.names}>
        {events.slice(0, namedOfCrowd).map(({ id, subject }) => (
          <EntityLink key={id} entityRef={subject} />
        ))}
        {more > 0 ? <span className={classes.verb}>and {more} more</span> : null}
      </div>
    </li>
  );
}

function Change({ event }: { event: FeedEvent }) {
  const action = actionOf(event);
  return (
    <li className={classes.change}>
      <div className={classes.what}>
        {action === 'deleted' ? (
          <span className={classes.gone}>{event.subject}</span>
        ) : (
          <EntityLink entityRef={event.subject} />
        )}
        <span className={classes.verb}>{verbs[action] ?? action}</span>
        <span className={classes.when}>
          <RelativeTime at={event.at} />
        </span>
      </div>
      {action === 'updated' ? <Details entityRef={event.subject} /> : null}
    </li>
  );
}

function Details({ entityRef }: { entityRef: string }) {
  const { data } = useQuery(lastChangesQuery(entityRef));
  const said = data?.items[0] ? sayChanges(data.items[0].changes) : undefined;
  // One line is kept free, so that nothing moves when the answer comes.
  return (
    <p className={classes.details}>
      {said?.sayings.map((saying, index) => (
        <Fragment key={saying.field}>
          {index > 0 ? ' · ' : null}
          <Detail saying={saying} />
        </Fragment>
      ))}
      {said && said.more > 0 ? ` · ${said.more} more` : null}
    </p>
  );
}

function Detail({ saying: { field, before, after, added, removed } }: { saying: Saying }) {
  return (
    <>
      {field}
      {before !== undefined && after !== undefined ? (
        <>
          {' '}
          {before} <span aria-hidden="true">→</span>
          <Spoken> to </Spoken> {after}
        </>
      ) : null}
      {added.map((value) => (
        <span key={value}> + {value}</span>
      ))}
      {removed.map((value) => (
        <span key={value}> − {value}</span>
      ))}
    </>
  );
}
