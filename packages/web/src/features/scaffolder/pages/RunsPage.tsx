import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { SerializedTask } from '@callboard/model/http';
import { usePrincipal } from '../../../core/session/index.ts';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  quietTable,
  RelativeTime,
  SkeletonRows,
  StaleNote,
  Status,
} from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { readRuns, runStates, writeRuns, type RunsAsked } from '../address.ts';
import { tasksQuery, templatesQuery } from '../api.ts';
import gallery from '../gallery/Gallery.module.css';
import { Person } from '../parts/Person.tsx';
import { duration, statusLevels, statusWords } from '../parts/words.ts';
import classes from '../run/Runs.module.css';

const pageSize = 50;

/** Runs of templates: one's own, or everybody's. */
export function RunsPage() {
  const asked = readRuns(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { data: me } = usePrincipal();
  const { data: templates = [] } = useQuery(templatesQuery);
  const { data, error, refetch } = useQuery({
    ...tasksQuery({
      ...(asked.show === 'mine' && me && { createdBy: me.entityRef }),
      ...(asked.template && { template: asked.template }),
      status: asked.status === '' ? [] : asked.status === 'processing' ? ['open', 'processing'] : [asked.status],
      limit: pageSize,
      offset: (asked.page - 1) * pageSize,
    }),
    enabled: asked.show === 'all' || me !== undefined,
  });
  const change = (next: Partial<RunsAsked>) =>
    void navigate({ to: '.', search: writeRuns({ ...asked, page: 1, ...next }), resetScroll: false });
  const isNarrowed = asked.status !== '' || asked.template !== '';
  return (
    <>
      <PageHeader
        title="Runs"
        description="What templates made, and what became of it."
        actions={<LinkButton to="/create">Create</LinkButton>}
      />
      <div className={gallery.toolbar} role="search">
        <div role="group" aria-label="Whose" className={gallery.shows}>
          {(['mine', 'all'] as const).map((show) => (
            <AppLink
              key={show}
              to="."
              search={writeRuns({ ...asked, page: 1, show })}
              current={asked.show === show ? 'true' : undefined}
            >
              {show === 'mine' ? 'Mine' : 'All'}
            </AppLink>
          ))}
        </div>
        <select
          aria-label="State"
          value={asked.status}
          onChange={(event) => change({ status: event.currentTarget.value })}
        >
          <option value="">Any state</option>
          {runStates.map((state) => (
            <option key={state} value={state}>
              {statusWords[state]}
            </option>
          ))}
        </select>
        <select
          aria-label="Template"
          value={asked.template}
          onChange={(event) => change({ template: event.currentTarget.value })}
        >
          <option value="">Any template</option>
          {asked.template && !templates.some(({ ref }) => ref === asked.template) ? (
            <option value={asked.template}>{asked.template}</option>
          ) : null}
          {templates.map(({ ref, title }) => (
            <option key={ref} value={ref}>
              {title}
            </option>
          ))}
        </select>
        {data ? (
          <span role="status" className={gallery.figure}>
            {count(data.totalTasks, 'run')}
          </span>
        ) : null}
      </div>
      {error && data ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      {error && !data ? (
        <ErrorState error={error} what="The runs could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={8} label="Loading the runs" />
      ) : data.tasks.length === 0 ? (
        <EmptyState
          title={
            isNarrowed
              ? 'No run fits'
              : asked.show === 'mine'
                ? 'You have not run a template yet'
                : 'No template was run yet'
          }
          action={
            isNarrowed ? (
              <LinkButton
                to="/create/tasks"
                search={writeRuns({ ...asked, status: '', template: '', page: 1 })}
                variant="default"
              >
                Any state and template
              </LinkButton>
            ) : (
              <LinkButton to="/create">Choose a template</LinkButton>
            )
          }
        >
          {isNarrowed
            ? 'With other filters there may be some.'
            : 'Each run stays here with its log, its files and what came of it.'}
        </EmptyState>
      ) : (
        <>
          <table className={`${quietTable} ${classes.table}`} aria-label="Runs">
            <thead>
              <tr>
                <th scope="col">Template</th>
                <th scope="col">State</th>
                <th scope="col">Made</th>
                <th scope="col">By</th>
                <th scope="col">Begun</th>
                <th scope="col">Took</th>
              </tr>
            </thead>
            <tbody>
              {data.tasks.map((task) => (
                <Row key={task.id} task={task} />
              ))}
            </tbody>
          </table>
          <Pages asked={asked} total={data.totalTasks} />
        </>
      )}
    </>
  );
}

function Row({ task }: { task: SerializedTask }) {
  const { id, template, status, entityRefs, createdBy, createdAt, endedAt } = task;
  return (
    <tr>
      <td>
        <AppLink to={`/create/tasks/${id}`} data-row-link="">
          {template.title}
        </AppLink>
      </td>
      <td>
        <Status level={statusLevels[status]} label={statusWords[status]} />
      </td>
      <td data-label="Made">
        {entityRefs.length === 0 ? (
          <span className={classes.dim}>–</span>
        ) : (
          entityRefs.map((ref) => <EntityLink key={ref} entityRef={ref} />)
        )}
      </td>
      <td data-label="By">{createdBy ? <Person personRef={createdBy} /> : null}</td>
      <td data-label="Begun">
        <RelativeTime at={createdAt} />
      </td>
      <td data-label="Took" className={classes.figure}>
        {endedAt ? duration(Date.parse(endedAt) - Date.parse(createdAt)) : '–'}
      </td>
    </tr>
  );
}

function Pages({ asked, total }: { asked: RunsAsked; total: number }) {
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1) return null;
  return (
    <nav aria-label="Pages" className={classes.pages}>
      {asked.page > 1 ? (
        <AppLink to="." search={writeRuns({ ...asked, page: asked.page - 1 })}>
          Newer
        </AppLink>
      ) : null}
      <span>
        Page {asked.page} of {pages}
      </span>
      {asked.page < pages ? (
        <AppLink to="." search={writeRuns({ ...asked, page: asked.page + 1 })}>
          Older
        </AppLink>
      ) : null}
    </nav>
  );
}
