import type { StoredProblem } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { AppLink, ErrorState, RelativeTime, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { EntityLink, problemCountsQuery, useBrief } from '../../catalog/index.ts';
import { needsQuery, useMine } from '../api.ts';
import { Widget } from '../parts/Widget.tsx';
import classes from './Needs.module.css';

const shown = 6;

/** Problems of what is one's own; of everybody while the portal does not know whose is whose. */
export function Needs() {
  const { mine, principal } = useMine();
  const all = useQuery(problemCountsQuery).data?.counts;
  const owners = mine && mine.owners.length > 0 ? mine.owners : undefined;
  const { data, error, refetch } = useQuery({ ...needsQuery(owners), enabled: mine !== undefined });
  const total = all ? all.error + all.warning : 0;
  const count = owners ? (data?.length ?? 0) : total;
  return (
    <Widget
      title={owners ? 'Needs you' : 'Needs somebody'}
      figure={count > 0 ? String(count) : undefined}
      aside={<AppLink to="/problems">{owners && total > 0 ? `All ${total} problems` : 'All problems'}</AppLink>}
    >
      {owners ? null : (
        <p className={classes.note}>
          {principal?.kind === 'guest'
            ? 'You are a guest, so these are the problems of everybody.'
            : 'You run this portal, and it does not know your teams: these are the problems of everybody.'}
        </p>
      )}
      {error && !data ? (
        <ErrorState error={error} what="The problems could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={4} label="Loading the problems" />
      ) : data.length === 0 ? (
        <p className={classes.fine}>
          <Status
            level="ok"
            label={owners ? 'Nothing of yours has a problem' : 'Every descriptor is as it should be'}
          />
        </p>
      ) : (
        <ul>
          {data.slice(0, shown).map((problem) => (
            <Need key={problem.id} problem={problem} />
          ))}
        </ul>
      )}
      {data && data.length > shown ? (
        <p className={classes.more}>
          <AppLink to="/problems">{data.length - shown} more</AppLink>
        </p>
      ) : null}
    </Widget>
  );
}

const fileOf = (location: string) => location.split('/').slice(-2).join('/');

function Need({ problem }: { problem: StoredProblem }) {
  const failing = problem.severity === 'error';
  return (
    <li className={classes.need}>
      <Status level={failing ? 'failing' : 'warning'} label={failing ? 'Error' : 'Warning'} short="" />
      <div className={classes.body}>
        <p className={classes.where}>
          {problem.entityRef ? (
            <Concerned entityRef={problem.entityRef} />
          ) : problem.location ? (
            <InProblems text={fileOf(problem.location)} />
          ) : null}
          {problem.line ? <span> line {problem.line}</span> : null}
          <span className={classes.age}>
            <RelativeTime at={problem.firstSeenAt} />
          </span>
        </p>
        <p className={classes.message} title={problem.message}>
          {problem.message}
        </p>
      </div>
    </li>
  );
}

const InProblems = ({ text }: { text: string }) => (
  <AppLink to="/problems" search={{ q: text }}>
    {text}
  </AppLink>
);

/** What is too broken to be in the catalog has no page: its problem has. */
function Concerned({ entityRef }: { entityRef: string }) {
  const { data } = useBrief(entityRef);
  if (data === null) return <InProblems text={entityRef.split('/').at(-1) ?? entityRef} />;
  return <EntityLink entityRef={entityRef} icon={false} />;
}
