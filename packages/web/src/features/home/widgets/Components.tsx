import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, count, ErrorState, grouped, RelativeTime, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { EntityLink, textAt } from '../../catalog/index.ts';
import { componentsQuery, sinceQuery, useMine } from '../api.ts';
import classes from '../parts/List.module.css';
import { ChooseTeams } from '../parts/ChooseTeams.tsx';
import { Nothing, Widget } from '../parts/Widget.tsx';

const refOf = ({ kind, metadata }: Entity) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();

/** The components of one's teams with what the portal knows of how they are. */
export function Components() {
  const { mine, error } = useMine();
  const title = 'My teams’ components';
  if (error && !mine)
    return (
      <Widget title={title}>
        <ErrorState error={error} what="Your teams could not be read" />
      </Widget>
    );
  if (!mine)
    return (
      <Widget title={title}>
        <SkeletonRows rows={5} label="Loading your teams" />
      </Widget>
    );
  if (mine.owners.length === 0)
    return (
      <Widget title={title}>
        <Nothing>
          The catalog has no person for you, so the portal cannot know your teams. Choose those whose components,
          problems and changes you want to see here.
        </Nothing>
        <ChooseTeams />
      </Widget>
    );
  return <Owned owners={mine.owners} title={title} />;
}

function Owned({ owners, title }: { owners: string[]; title: string }) {
  const { data, error, refetch } = useQuery(componentsQuery(owners));
  const changes = useQuery(sinceQuery(undefined)).data?.events ?? [];
  const search = { kind: 'component', owner: owners.slice(0, 30) };
  return (
    <Widget
      title={title}
      figure={data && grouped(data.totalItems)}
      aside={
        <>
          <ChooseTeams compact /> ·{' '}
          <AppLink to="/catalog" search={search}>
            View all
          </AppLink>
        </>
      }
    >
      {error && !data ? (
        <ErrorState error={error} what="The components could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={6} label="Loading the components" />
      ) : data.items.length === 0 ? (
        <Nothing>Your teams own no component yet: a descriptor says it with spec.owner.</Nothing>
      ) : (
        <ul className={classes.table}>
          {data.items.map((entity) => {
            const ref = refOf(entity);
            const errors = entity.status?.items?.filter(({ level }) => level === 'error').length ?? 0;
            const changed = changes.find(({ subject, type }) => subject === ref && type.endsWith('.updated'));
            return (
              <li key={ref} className={classes.row}>
                <span className={classes.name}>
                  <EntityLink entityRef={ref} />
                </span>
                <Status
                  level={errors > 0 ? 'failing' : 'ok'}
                  label={errors > 0 ? count(errors, 'error') : 'No errors in its descriptor'}
                  short={errors > 0 ? String(errors) : ''}
                />
                <span className={`${classes.fact} ${classes.wide}`}>{textAt(entity, 'spec.type')}</span>
                <span className={`${classes.fact} ${classes.wide}`}>{textAt(entity, 'spec.lifecycle')}</span>
                <span className={`${classes.end} ${classes.wide}`}>
                  {changed ? (
                    <>
                      changed <RelativeTime at={changed.at} />
                    </>
                  ) : null}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Widget>
  );
}
