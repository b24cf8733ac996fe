import type { ChartView, StatView, TableView, ViewModel } from '@callboard/plugin-api';
import type { Found } from './find.ts';
import { keyOf } from './find.ts';
import type { Kept } from './keep.ts';
import type { Pipeline, Provider, Run, RunStatus } from './model.ts';

/** What is shown of an entity: its pipelines with what is known of them. */
export type Shown = {
  entity: string;
  found: Found;
  pipelines: { pipeline: Pipeline; provider: Provider; kept?: Kept }[];
};

export const tones: Record<RunStatus, 'good' | 'bad' | 'neutral' | 'info' | 'warning'> = {
  passed: 'good',
  failed: 'bad',
  cancelled: 'warning',
  running: 'info',
  queued: 'info',
  skipped: 'neutral',
  unknown: 'neutral',
};
const usualBranches = ['main', 'master', 'trunk'];
const iso = (at: number) => new Date(at).toISOString();

/** What the reader should know: what was looked at, by which evidence, and what is wrong since when. */
function noteOf({ found, pipelines }: Shown): string | undefined {
  if (pipelines.length === 0)
    return `No pipeline found for this entity; looked for ${found.looked.join('; ')}.`.slice(0, 2000);
  const lines = pipelines.map(({ pipeline, provider, kept }) => {
    const what = `${provider.words} of ${pipeline.project} at ${pipeline.ci.name} (${pipeline.evidence})`;
    const problem = kept?.problem && { ...kept.problem, message: kept.problem.message.replace(/\.+$/, '') };
    if (!kept) return `Looks at ${what}; it has not answered yet.`;
    if (problem?.code === 'NOT_FOUND' && kept.runs.length === 0)
      return `No pipeline found for this repository; looked for ${what}: ${problem.message}.`;
    const stale = problem && `since ${iso(problem.since).slice(0, 16).replace('T', ' ')} UTC: ${problem.message}.`;
    if (kept.runs.length > 0) return stale ? `${what}: these are the last known runs, ${stale}` : `Looks at ${what}.`;
    return stale
      ? `${what} cannot be read ${stale}`
      : `No pipeline found for this repository; looked for ${what}: it has no runs yet.`;
  });
  return lines.join(' ').slice(0, 2000);
}

/** As old as the oldest of what is shown. */
function asOfOf({ pipelines }: Shown): string | undefined {
  const times = pipelines.flatMap(({ kept }) => (kept && kept.at > 0 ? [kept.at] : []));
  return times.length === 0 ? undefined : iso(Math.min(...times));
}

const head = (shown: Shown, isAlways: boolean) => {
  const asOf = asOfOf(shown);
  const isPlain =
    shown.pipelines.length > 0 && shown.pipelines.every(({ kept }) => kept && !kept.problem && kept.runs.length > 0);
  const note = isAlways || !isPlain ? noteOf(shown) : undefined;
  return { ...(asOf !== undefined && { asOf }), ...(note !== undefined && { note }) };
};

/** All runs, newest first. */
export const runsOf = ({ pipelines }: Pick<Shown, 'pipelines'>): { run: Run; pipeline: Pipeline }[] =>
  pipelines
    .flatMap(({ pipeline, kept }) => (kept?.runs ?? []).map((run) => ({ run, pipeline })))
    .toSorted((one, other) => (other.run.startedAt ?? 0) - (one.run.startedAt ?? 0));

/** The runs of the branch that counts: the one that the source names, a usual name, or all when there is none of these. */
export function mainRuns(shown: Pick<Shown, 'pipelines'>): Run[] {
  const runs = runsOf(shown);
  const named = shown.pipelines.flatMap(({ pipeline }) => pipeline.branch ?? []);
  const branch = [...named, ...usualBranches].find((name) => runs.some(({ run }) => run.branch === name));
  return runs.flatMap(({ run }) => (branch === undefined || run.branch === branch ? [run] : []));
}
export const hasEnded = ({ status }: Run): boolean => status === 'passed' || status === 'failed';

export function runsView(shown: Shown): TableView {
  const rows = runsOf(shown).map(({ run, pipeline }) => {
    const { status, href, failed } = run;
    const name = run.number === undefined || run.title === `#${run.number}` ? run.title : `#${run.number} ${run.title}`;
    return {
      status: { text: status, tone: tones[status] },
      run: href === undefined ? name : { text: name, href },
      workflow: run.workflow ?? null,
      branch: run.branch ?? null,
      failed: failed ? { text: failed.step, ...(failed.href !== undefined && { href: failed.href }) } : null,
      started: run.startedAt === undefined ? null : iso(run.startedAt),
      duration: run.durationMs ?? null,
      by: run.by ?? null,
      ...(run.canRerun && {
        again: {
          actions: [
            {
              title: 'Run again',
              route: 'rerun',
              body: { entity: shown.entity, pipeline: keyOf(pipeline), run: run.id },
              confirm:
                `${name.slice(0, 200)} of ${pipeline.project} runs again${run.branch === undefined ? '' : ` on ${run.branch}`}.`.slice(
                  0,
                  500,
                ),
            },
          ],
        },
      }),
    };
  });
  return {
    model: 'table',
    ...head(shown, true),
    columns: [
      { id: 'status', title: 'Status', type: 'status' },
      { id: 'run', title: 'Run' },
      { id: 'workflow', title: 'Workflow', onlyWhenUsed: true },
      { id: 'branch', title: 'Branch' },
      { id: 'failed', title: 'Failed at', onlyWhenUsed: true },
      { id: 'started', title: 'Started', type: 'time' },
      { id: 'duration', title: 'Took', type: 'duration' },
      { id: 'by', title: 'By' },
      { id: 'again', title: '', onlyWhenUsed: true },
    ],
    rows,
  };
}

const shareOf = (runs: Run[]) =>
  Math.round((100 * runs.filter(({ status }) => status === 'passed').length) / runs.length);
const medianOf = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
const minutes = (milliseconds: number) => Math.round(milliseconds / 6_000) / 10;

/** How the builds of an entity go; nothing of one that says neither what builds it nor where its source is. */
export function summaryView(shown: Shown): StatView {
  if (!shown.found.isNamed) return { model: 'stat', items: [] };
  const all = mainRuns(shown);
  const ended = all.filter(hasEnded);
  const [newest] = all;
  const oldestFirst = ended.toReversed();
  const firstFailed = ended
    .slice(0, ended.findIndex(({ status }) => status === 'passed') + 1 || undefined)
    .filter(({ status }) => status === 'failed')
    .at(-1);
  const durations = oldestFirst.flatMap(({ durationMs }) => durationMs ?? []);
  return {
    model: 'stat',
    ...head(shown, false),
    items: [
      ...(newest
        ? [
            {
              label: newest.branch === undefined ? 'Last build' : `Last build of ${newest.branch}`.slice(0, 500),
              value: newest.status,
              tone: tones[newest.status],
              ...(newest.href !== undefined && { href: newest.href }),
            },
          ]
        : []),
      ...(ended[0]?.status === 'failed' && firstFailed?.startedAt !== undefined
        ? [
            {
              label: 'Failing since',
              value: iso(firstFailed.startedAt).slice(0, 16).replace('T', ' '),
              tone: 'bad' as const,
            },
          ]
        : []),
      ...(ended.length > 0
        ? [
            {
              label: `Passed, of the last ${ended.length}`,
              value: shareOf(ended),
              unit: '%',
              trend: oldestFirst.map((_run, index) => shareOf(oldestFirst.slice(Math.max(0, index - 9), index + 1))),
            },
          ]
        : []),
      ...(durations.length > 0
        ? [{ label: 'Takes (median)', value: minutes(medianOf(durations)), unit: 'min', trend: durations.map(minutes) }]
        : []),
    ],
  };
}

/** How long builds took; nothing where the summary has nothing either. */
export function trendView(shown: Shown): ChartView {
  if (!shown.found.isNamed) return { model: 'chart', kind: 'line', series: [] };
  const ended = mainRuns(shown).filter(hasEnded).toReversed();
  const points = (status: RunStatus) =>
    ended.flatMap((run) =>
      run.status === status && run.startedAt !== undefined && run.durationMs !== undefined
        ? [{ x: run.startedAt, y: minutes(run.durationMs) }]
        : [],
    );
  const series = [
    { name: 'Passed', points: points('passed') },
    { name: 'Failed', points: points('failed') },
  ].filter((each) => each.points.length > 0);
  return { model: 'chart', kind: 'line', unit: 'min', ...head(shown, false), series };
}

/** A log without lines, that says why. */
export const noLog = (note: string, more: object = {}): ViewModel => ({
  model: 'log',
  note: note.slice(0, 2000),
  lines: [],
  ...more,
});
export { noteOf, asOfOf };
