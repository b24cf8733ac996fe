import type { Job } from '@callboard/model/http';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AdminPage, adminClasses as classes, type Column, Table } from '../../../core/administration/index.ts';
import { May } from '../../../core/session/index.ts';
import { count, EmptyState, RelativeTime, Status, type StatusLevel } from '../../../core/ui/index.ts';
import { jobsQuery, triggerJob } from '../api.ts';
import { clockTime, scheduleWords } from '../words.ts';

const states: Record<string, { level: StatusLevel; word: string }> = {
  waiting: { level: 'unknown', word: 'Waiting' },
  running: { level: 'ok', word: 'Running' },
  done: { level: 'ok', word: 'Done' },
  failed: { level: 'failing', word: 'Failed' },
};

function JobState({ job }: { job: Job }) {
  const state = job.lastStatus === 'failed' && job.state !== 'running' ? 'failed' : job.state;
  const { level, word } = states[state] ?? { level: 'unknown' as const, word: state };
  return (
    <>
      <Status level={level} label={word} />
      {job.lastError ? <div className={classes.second}>{job.lastError}</div> : null}
      {job.progress === undefined ? null : <div className={classes.second}>{JSON.stringify(job.progress)}</div>}
    </>
  );
}

function RunNow({ job }: { job: Job }) {
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => triggerJob({ name: job.name, key: job.key }),
    onSettled: () => client.invalidateQueries({ queryKey: jobsQuery.queryKey }),
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={run.isPending}
        onClick={() => run.mutate()}
        aria-label={`Run now: ${job.name} ${job.key}`.trim()}
      >
        Run now
      </Button>
      {run.error ? (
        <div role="alert" className={classes.second}>
          {run.error.message}
        </div>
      ) : null}
    </>
  );
}

const columns: Column<Job>[] = [
  {
    label: 'Job',
    cell: (job) => (
      <>
        {job.name} <span className={classes.second}>{job.key}</span>
      </>
    ),
  },
  { label: 'State', cell: (job) => <JobState job={job} /> },
  { label: 'Schedule', cell: (job) => scheduleWords(job.schedule), className: 'nowrap' },
  {
    label: 'Last run',
    cell: (job) => (job.lastFinishedAt ? <RelativeTime at={job.lastFinishedAt} /> : 'Not yet'),
    className: 'nowrap',
  },
  {
    label: 'Next run',
    cell: (job) => (job.nextRunAt ? clockTime(job.nextRunAt) : ''),
    className: 'nowrap',
  },
  {
    label: 'Action',
    cell: (job) => (
      <May permission="admin.job.trigger">
        <RunNow job={job} />
      </May>
    ),
    className: 'nowrap',
  },
];

/** What runs in the background: when it last ran, how it went, when it runs next. */
export function JobsPage() {
  return (
    <AdminPage
      title="Jobs"
      description="What runs in the background, how it went, and when it runs next."
      query={useQuery(jobsQuery)}
      facts={({ items }) => count(items.length, 'job')}
    >
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="There is no job">
            Jobs appear here when the portal has something to do in the background.
          </EmptyState>
        ) : (
          <Table label="Jobs" rows={items} rowKey={(job) => `${job.name} ${job.key}`} columns={columns} />
        )
      }
    </AdminPage>
  );
}
