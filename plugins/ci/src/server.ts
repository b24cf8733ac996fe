import { definePlugin, type RouteAnswer, type ViewModel } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';
import { createCalls, type Fault, tested } from './call.ts';
import { findPipelines, keyOf } from './find.ts';
import { hostsOf } from './hosts.ts';
import { createKeeper, freshness } from './keep.ts';
import { logEnd } from './log-end.ts';
import { type CiHost, type Entity, type Pipeline, type Provider, record, text, type Vendor } from './model.ts';
import { createGitea } from './providers/gitea.ts';
import { createGithub } from './providers/github.ts';
import { createGitlab } from './providers/gitlab.ts';
import { createJenkins } from './providers/jenkins.ts';
import {
  asOfOf,
  hasEnded,
  mainRuns,
  noLog,
  noteOf,
  runsOf,
  runsView,
  type Shown,
  summaryView,
  tones,
  trendView,
} from './views.ts';

const refOf = ({ kind, metadata }: Entity) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();
/** A page is shown at once with what is known; what is not known yet may take its time, within the limits of the contract. */
const forViews = { known: 250, unknown: 8_000, fresh: freshness.page };
/** Before the log is asked for, too. */
const forLogs = { ...forViews, unknown: 2_500 };
const forColumns = { known: 100, unknown: 1_500, fresh: freshness.list };
const columnsAtOnce = 8;
/** Of what comes after so long in a list, only what is known is shown; the list is asked again when there is more. */
const columnsMs = 1_200;
/** So many logs are kept: those of runs that are over never change. */
const mostLogs = 50;

const wrong = (status: number, message: string): RouteAnswer => ({ status, body: { message } });

export default definePlugin({
  setup(host) {
    const hosts = hostsOf(host.configuration, host.settings);
    const calls = createCalls(host);
    const providers: Record<Vendor, Provider> = {
      github: createGithub(calls),
      gitlab: createGitlab(calls),
      gitea: createGitea(calls),
      jenkins: createJenkins(calls),
    };
    const providerOf = ({ ci }: Pick<Pipeline, 'ci'>) => providers[ci.vendor];
    const told = async () => {
      for (const id of ['runs', 'summary', 'trend', 'failure']) await host.changed(`views/${id}`);
      await host.changed('columns/health');
    };
    const keeper = createKeeper(host, providerOf, told);
    const logs = new Map<string, string>();

    /** Without `wait` nobody is asked. */
    async function show(entity: Entity, wait?: typeof forViews): Promise<Shown> {
      const found = findPipelines(entity, hosts);
      const pipelines = await Promise.all(
        found.pipelines.map(async (pipeline) => {
          const kept = await (wait ? keeper.look(pipeline, wait, wait.fresh) : keeper.recall(pipeline));
          return { pipeline, provider: providerOf(pipeline), ...(kept && { kept }) };
        }),
      );
      return { entity: refOf(entity), found, pipelines };
    }
    const view =
      (draw: (shown: Shown) => ViewModel) =>
      async ({ entity }: { entity?: Entity }): Promise<ViewModel> =>
        draw(await show(entity!, forViews));

    async function failure(shown: Shown): Promise<ViewModel> {
      const runs = runsOf(shown);
      if (runs.length === 0) return noLog(noteOf(shown) ?? '');
      const asOf = asOfOf(shown);
      const more = asOf === undefined ? {} : { asOf };
      const last = runs.find(({ run }) => run.status === 'failed');
      if (!last) return noLog(`None of the last ${runs.length} builds failed.`, more);
      const { run, pipeline } = last;
      const title = `#${run.number ?? run.id} ${run.title}${run.failed ? `: ${run.failed.step}` : ''}`.slice(0, 500);
      if (run.failed?.job === undefined)
        return noLog(`${pipeline.ci.name} does not say which step failed${run.href ? `; see ${run.href}` : ''}.`, {
          title,
          ...more,
        });
      const key = `${keyOf(pipeline)} ${run.id} ${run.version}`;
      try {
        const whole = logs.get(key) ?? (await providerOf(pipeline).log(pipeline, run));
        const { lines, isCut } = logEnd(whole);
        logs.set(key, lines.length === 0 ? '' : whole.slice(-262_144));
        if (logs.size > mostLogs) logs.delete(logs.keys().next().value!);
        const where = run.failed.href ?? run.href;
        const note = isCut && where !== undefined ? `The end of the log; all of it is at ${where}` : undefined;
        return { model: 'log', title, ...more, ...(note !== undefined && { note }), lines };
      } catch (error) {
        const where = run.failed.href ?? run.href;
        const said = (error as Error).message;
        return noLog(`The log cannot be read: ${said}${where === undefined ? '' : `. It is at ${where}`}`, {
          title,
          ...more,
        });
      }
    }

    async function cellOf(entity: Entity, wait: typeof forViews | undefined) {
      const shown = await show(entity, wait);
      const runs = mainRuns(shown);
      const run = runs.find(hasEnded) ?? runs[0];
      const problem = shown.pipelines.find(({ kept }) => kept?.problem)?.kept?.problem;
      if (!run)
        return problem && problem.code !== 'NOT_FOUND'
          ? { text: 'unknown', tone: 'neutral' as const, hint: problem.message.slice(0, 500) }
          : undefined;
      const asOf = asOfOf(shown);
      const hint = [
        run.branch,
        run.failed?.step,
        run.startedAt === undefined
          ? undefined
          : `started ${new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
        problem && asOf !== undefined
          ? `last known at ${asOf.slice(0, 16).replace('T', ' ')} UTC: ${problem.message}`
          : undefined,
      ].filter((word) => word !== undefined);
      return {
        text: run.status,
        tone: tones[run.status],
        ...(hint.length > 0 && { hint: hint.join(' · ').slice(0, 500) }),
        ...(run.href !== undefined && { href: run.href }),
      };
    }

    /** A project of the catalog on this host, to try the token on. */
    async function exampleOf(ci: CiHost): Promise<string | undefined> {
      const refs = (await host.catalog.refs('component:', 1000)).filter((ref) => ref.startsWith('component:'));
      const entities = refs.length === 0 ? [] : await host.catalog.get(refs.slice(0, 500));
      for (const entity of entities) {
        const found = findPipelines(entity, [ci]).pipelines[0];
        if (found) return found.project;
      }
      return undefined;
    }

    return {
      views: {
        runs: view(runsView),
        summary: view(summaryView),
        trend: view(trendView),
        failure: async ({ entity }) => failure(await show(entity!, forLogs)),
      },
      columns: {
        async health({ entities }) {
          const cells: Record<string, NonNullable<Awaited<ReturnType<typeof cellOf>>>> = {};
          const left = entities.filter((entity) => findPipelines(entity, hosts).pipelines.length > 0);
          const until = performance.now() + columnsMs;
          const worker = async () => {
            for (let entity = left.shift(); entity; entity = left.shift()) {
              const cell = await cellOf(entity, performance.now() < until ? forColumns : undefined);
              if (cell) cells[refOf(entity)] = cell;
            }
          };
          await Promise.all(Array.from({ length: columnsAtOnce }, worker));
          return { cells };
        },
      },
      routes: {
        async rerun({ body }) {
          const { entity: ref, pipeline: key, run: id } = record(body);
          if (text(ref) === undefined || text(key, 1000) === undefined || text(id) === undefined)
            return wrong(400, 'Send entity, pipeline and run, as the list of builds has them.');
          const [entity] = await host.catalog.get([String(ref)]);
          const pipeline = entity && findPipelines(entity, hosts).pipelines.find((each) => keyOf(each) === key);
          // Only what is shown can be run again: neither the repository nor the run comes from the caller alone.
          const kept = pipeline && (await keeper.recall(pipeline));
          const run = kept?.runs.find((each) => each.id === id);
          if (!pipeline || !run) return wrong(404, 'There is no such build any more. Load the list again.');
          if (!run.canRerun) return wrong(409, `${run.title} is ${run.status} and cannot be run again now.`);
          try {
            const message = await providerOf(pipeline).rerun(pipeline, run);
            keeper.forget(pipeline);
            await told();
            return { status: 202, body: { message } };
          } catch (error) {
            const { message, fix } = error as Fault;
            return wrong(502, `${message}.${fix === undefined ? '' : ` ${fix}`}`);
          }
        },
      },
      connections: {
        async hosts({ configuration }, { signal }) {
          const all = hostsOf(configuration, host.settings);
          if (all.length === 0)
            return {
              items: [
                {
                  title: 'Hosts',
                  state: 'warning',
                  message: 'None is configured.',
                  fix: 'Add one, or write integrations or jenkins into the configuration file.',
                },
              ],
            };
          const items = all.map(async (ci) => {
            try {
              return await providers[ci.vendor].test(ci, await exampleOf(ci), signal);
            } catch (error) {
              const isOutbound = String((error as Fault).code).startsWith('OUTBOUND_');
              return [isOutbound ? await connectionLine(ci.name, () => Promise.reject(error)) : tested(ci.name, error)];
            }
          });
          return { items: (await Promise.all(items)).flat().slice(0, 200) };
        },
      },
    };
  },
});
