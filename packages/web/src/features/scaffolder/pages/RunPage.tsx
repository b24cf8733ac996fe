import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import type { SerializedTask } from '@callboard/model/http';
import { useEffect, useState } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import {
  AppLink,
  Copyable,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  Spoken,
  Status,
  toYaml,
} from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { taskFilesQuery, taskQuery } from '../api.ts';
import { size } from '../parts/files.ts';
import { FileTree } from '../parts/FileTree.tsx';
import { Person } from '../parts/Person.tsx';
import { shortVersion } from '../parts/version.ts';
import { duration, isOver, saves, statusLevels, statusWords } from '../parts/words.ts';
import { Log } from '../run/Log.tsx';
import { Output } from '../run/Output.tsx';
import { RunActions } from '../run/RunActions.tsx';
import { Steps } from '../run/Steps.tsx';
import { useEvents } from '../run/use-events.ts';
import classes from '../run/Run.module.css';

const askEvery = 1500;

/** A run: what it does now, or what became of it. */
export function RunPage() {
  const { taskId = '' }: { taskId?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery({
    ...taskQuery(taskId),
    refetchInterval: ({ state }) =>
      state.data && isOver(state.data.status) && state.data.rollback?.status !== 'processing' ? false : askEvery,
  });
  if (error && !data)
    return error instanceof ApiError && error.status === 404 ? (
      <>
        <PageHeader title="Run" />
        <EmptyState
          title="There is no such run"
          action={
            <LinkButton to="/create/tasks" variant="default">
              All runs
            </LinkButton>
          }
        >
          It may have been removed after its time, or be another person’s.
        </EmptyState>
      </>
    ) : (
      <>
        <PageHeader title="Run" />
        <ErrorState error={error} what="The run could not be read" onRetry={() => void refetch()} />
      </>
    );
  if (!data)
    return (
      <>
        <PageHeader title="Run" />
        <SkeletonRows rows={8} label="Loading the run" />
      </>
    );
  return <Run key={data.id} task={data} />;
}

function Run({ task }: { task: SerializedTask }) {
  const client = useQueryClient();
  const isBusy = !isOver(task.status) || ['open', 'processing'].includes(task.rollback?.status ?? '');
  const end = `${task.endedAt} ${task.rollback?.at} ${task.rollback?.status}`;
  const { events, isLive } = useEvents(task.id, isBusy ? undefined : end);
  const { step }: { step?: string } = useSearch({ strict: false });
  // Each event may have moved a step on: the run is asked, not guessed.
  const last = events.at(-1)?.id;
  useEffect(() => {
    if (last !== undefined) void client.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
  }, [client, last, task.id]);
  const took = task.endedAt ? Date.parse(task.endedAt) - Date.parse(task.createdAt) : undefined;
  return (
    <>
      <PageHeader
        title={task.template.title}
        facts={
          <span role="status">
            <Status level={statusLevels[task.status]} label={statusWords[task.status]} />
          </span>
        }
        description={
          <p className={classes.facts}>
            <span>
              from <EntityLink entityRef={task.template.ref} defaultKind="template" icon={false} />
              {task.template.version ? <code> {shortVersion(task.template.version)}</code> : null}
            </span>
            <span>
              begun <RelativeTime at={task.createdAt} />
              {task.createdBy ? (
                <>
                  {' '}
                  by <Person personRef={task.createdBy} />
                </>
              ) : null}
            </span>
            {took === undefined ? null : <span>took {duration(took)}</span>}
            {task.status === 'completed' && task.minutesSaved ? <span>{saves(task.minutesSaved)}</span> : null}
            <Copyable text={task.id} label="Copy the id of the run" />
          </p>
        }
        actions={<RunActions task={task} />}
      />
      <Failure task={task} />
      <Rollback task={task} />
      {task.status === 'completed' ? <Output output={task.output} entityRefs={task.entityRefs} /> : null}
      <div className={classes.columns}>
        <section aria-label="Steps of the run" className={classes.side}>
          <Steps steps={task.steps ?? []} chosen={step} />
          <Values task={task} />
          {task.hasWorkspace ? <Files id={task.id} isOver={isOver(task.status)} /> : null}
        </section>
        <Log events={events} step={step} isLive={isLive} isOver={!isBusy} />
      </div>
    </>
  );
}

/** What went wrong, where, and the next step. */
function Failure({ task: { error, steps, status, mayRetry } }: { task: SerializedTask }) {
  if (!error || status === 'completed') return null;
  const step = steps?.find(({ id }) => id === error.stepId);
  return (
    <div className={classes.failure} role="alert">
      <Status
        level={status === 'cancelled' ? 'warning' : 'failing'}
        label={step ? `“${step.name}” ${status === 'cancelled' ? 'was ended' : 'failed'}` : statusWords[status]}
      />
      <p className={classes.message}>{error.message}</p>
      {error.fix ? <p className={classes.dim}>{error.fix}</p> : null}
      {mayRetry ? (
        <p className={classes.dim}>A retry goes on from this step: what was done before is not done again.</p>
      ) : null}
      {step ? (
        <p>
          <AppLink to="." search={{ step: step.id }} resetScroll={false}>
            What this step said
          </AppLink>
        </p>
      ) : null}
    </div>
  );
}

function Rollback({ task: { rollback } }: { task: SerializedTask }) {
  if (!rollback) return null;
  const words = {
    open: 'is asked for',
    processing: 'goes on',
    completed: 'is done',
    failed: 'failed',
    cancelled: 'was cancelled',
  };
  return (
    <div className={classes.note} role="status">
      <Status level={statusLevels[rollback.status]} label={`Taking back ${words[rollback.status]}`} />{' '}
      <RelativeTime at={rollback.at} />
      {rollback.error ? <p className={classes.dim}>{rollback.error.message}</p> : null}
    </div>
  );
}

function Values({ task }: { task: SerializedTask }) {
  const parameters = task.spec['parameters'];
  if (typeof parameters !== 'object' || parameters === null || Object.keys(parameters).length === 0) return null;
  return (
    <details className={classes.more}>
      <summary>Answers</summary>
      <pre tabIndex={0} role="region" aria-label="Answers">
        {toYaml(parameters)}
      </pre>
    </details>
  );
}

function Files({ id, isOver: over }: { id: string; isOver: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({ ...taskFilesQuery(id), enabled: isOpen && over });
  const total = data?.files.reduce((sum, file) => sum + file.size, 0) ?? 0;
  if (!over) return null;
  return (
    <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Files</summary>
      {error ? (
        <p className={classes.dim}>{error.message}</p>
      ) : data ? (
        <>
          <p className={classes.dim}>
            {data.files.length} files, {size(total)}
          </p>
          <FileTree paths={data.files.map(({ path }) => path)} label="Files of the run" />
        </>
      ) : (
        <Spoken>Loading the files</Spoken>
      )}
    </details>
  );
}
