import { type ConnectionResult, definePlugin, type Host, type RouteAnswer } from '@callboard/plugin-api';
import {
  createGithub,
  githubHosts,
  type GithubHost,
  type Repository,
  repositoryOf,
  type RepositoryRecord,
} from './github.ts';
import { signatureFault, toldBy, type Told, toleranceMs } from './hook.ts';
import { createRecords, merge, type ServiceRecord } from './record.ts';
import { currentView, historyView, matrixView } from './views.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
const refOf = ({ kind, metadata }: Entity) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();
const wrong = (status: number, message: string): RouteAnswer => ({ status, body: { message } });
/** Repositories that are asked side by side. */
const atOnce = 4;
const path = '/api/plugins/deployments/hooks/deployments';

export default definePlugin({
  setup(host) {
    const hosts = githubHosts(host.configuration, host.settings);
    const secret = typeof host.configuration.hookSecret === 'string' ? host.configuration.hookSecret : '';
    const github = createGithub(host);
    const records = createRecords(host);
    /** What each service was given last */
    const settled = new Map<string, string>();
    const told = async () => {
      for (const id of ['matrix', 'current', 'history']) await host.changed(`views/${id}`);
    };

    /** All components, 500 at a time. */
    async function* components(): AsyncGenerator<Entity[]> {
      for (let after = 'component:'; ;) {
        const refs = await host.catalog.refs(after, 500);
        const own = refs.filter((ref) => ref.startsWith('component:'));
        if (own.length > 0) yield await host.catalog.get(own);
        if (own.length < refs.length || refs.length < 500) return;
        after = refs.at(-1)!;
      }
    }

    async function readRepository(repository: Repository, services: string[], signal: AbortSignal): Promise<boolean> {
      const key = github.storeKey(repository);
      const before = (await host.store.get(key)) as RepositoryRecord | null;
      const now = new Date().toISOString();
      let after: RepositoryRecord;
      try {
        const found = await github.deployments(repository, before?.problem ? undefined : before?.etag, signal);
        after = found ? { project: repository.project, ...found } : before!;
      } catch (error) {
        if (signal.aborted) throw error;
        const problem = { message: (error as Error).message.slice(0, 300), since: before?.problem?.since ?? now };
        after = { project: repository.project, deployments: [], ...before, problem };
      }
      const isNew = after !== before && JSON.stringify(after) !== JSON.stringify(before);
      if (isNew) await host.store.set(key, after);
      // What a service was given once need not be compared with it every five minutes.
      const mark = after.etag === undefined ? undefined : `${key} ${after.etag}`;
      const due = services.filter((service) => isNew || mark === undefined || settled.get(service) !== mark);
      const changes = await Promise.all(
        due.map((service) => records.change(service, (record) => after.deployments.reduce(merge, record))),
      );
      if (mark !== undefined) for (const service of due) settled.set(service, mark);
      return isNew || changes.includes(true);
    }

    /** The record of an entity, what was looked for, and what is wrong with that. */
    async function known(entity: Entity): Promise<[ServiceRecord, string, string | undefined]> {
      const record = await records.read(refOf(entity));
      const repository = repositoryOf(entity, hosts);
      const stored = repository && ((await host.store.get(github.storeKey(repository))) as RepositoryRecord | null);
      const problem = stored?.problem;
      const looked = [
        `calls of the webhook for ${record.service}`,
        repository
          ? `GitHub deployments of ${repository.project} at ${repository.github.name} (${repository.evidence}; ${stored ? 'read every five minutes' : 'not read yet'})`
          : `GitHub deployments (no annotation github.com/project-slug, and no source on ${hosts.length === 0 ? 'a configured host' : hosts.map(({ name }) => name).join(', ')})`,
      ].join('; ');
      const words =
        problem &&
        `GitHub cannot be read since ${problem.since.slice(0, 16).replace('T', ' ')} UTC: ${problem.message}.`;
      return [record, looked, words];
    }

    /** A repository of the catalog on this host, to try the token on. */
    async function exampleOf(own: GithubHost): Promise<Repository | undefined> {
      for await (const entities of components())
        for (const entity of entities) {
          const found = repositoryOf(entity, [own]);
          if (found) return found;
        }
      return undefined;
    }

    return {
      views: {
        async matrix() {
          const all = await records.all();
          const there = new Set<string>();
          const services = new Map<string, string[]>();
          // What the catalog does not have is kept, but not shown.
          for (let at = 0; at < all.length; at += 500)
            for (const entity of await host.catalog.get(all.slice(at, at + 500).map(({ service }) => service))) {
              there.add(refOf(entity));
              const repository = repositoryOf(entity, hosts);
              const key = repository && github.storeKey(repository);
              if (key !== undefined) services.set(key, [...(services.get(key) ?? []), refOf(entity)]);
            }
          const problems = new Map<string, string[]>();
          for (const { key, value } of await host.store.entries('repository/')) {
            const { problem } = value as unknown as RepositoryRecord;
            if (problem)
              problems.set(problem.message, [...(problems.get(problem.message) ?? []), ...(services.get(key) ?? [])]);
          }
          return matrixView(
            all.filter(({ service, last }) => there.has(service) && Object.keys(last).length > 0),
            [...problems].slice(0, 3).map(([message, of]) => ({
              message: `GitHub: ${message}; the last known is shown.`,
              services: [...new Set(of)],
            })),
          );
        },
        current: async ({ entity }) => currentView(...(await known(entity!))),
        history: async ({ entity }) => historyView(...(await known(entity!))),
      },
      routes: {
        async hook({ headers = {}, text = '', body }) {
          if (secret === '')
            return wrong(
              503,
              'The webhook has no secret yet. An administrator sets it in Admin → Plugins → Deployments.',
            );
          const now = Date.now();
          const fault = signatureFault(secret, headers, text, now);
          if (fault !== undefined) return wrong(401, fault);
          const id = headers['webhook-id']!;
          const given = toldBy(body, id, now);
          if ('faults' in given) return wrong(400, given.faults.join(' '));
          // Stored by its id first: whoever sends it again is refused, and it is not lost if two replicas write at once.
          if (!(await host.store.add(`call/${id}`, { ...given, receivedAt: now })))
            return wrong(
              409,
              'This call came before: webhook-id must be another one for each deployment that is told of.',
            );
          await records.change(given.service, (record) => merge(record, given.deployment));
          await told();
          const [entity] = await host.catalog.get([given.service]);
          const { environment, version } = given.deployment;
          const message = `${given.service} ${version} in ${environment} is noted.`;
          return {
            status: 202,
            body: {
              message: entity ? message : `${message} The catalog has no ${given.service}; it is shown when it comes.`,
            },
          };
        },
      },
      tasks: {
        async settle() {
          let isChanged = false;
          for (let after: string | undefined = ''; after !== undefined;) {
            const calls: { key: string; value: unknown }[] = await host.store.entries('call/', after);
            for (const { key, value } of calls) {
              const { service, deployment, receivedAt } = value as Told & { receivedAt: number };
              isChanged = (await records.change(service, (record) => merge(record, deployment))) || isChanged;
              // A call this old is refused by its time.
              if (receivedAt < Date.now() - 3 * toleranceMs) await host.store.delete(key);
            }
            after = calls.length < 500 ? undefined : calls.at(-1)!.key;
          }
          if (isChanged) await told();
        },
        async github(_input, { signal }) {
          if (hosts.length === 0) return;
          const services = new Map<string, { repository: Repository; refs: string[] }>();
          for await (const entities of components())
            for (const entity of entities) {
              const repository = repositoryOf(entity, hosts);
              if (!repository) continue;
              const key = github.storeKey(repository);
              const found = services.get(key) ?? { repository, refs: [] };
              services.set(key, { ...found, refs: [...found.refs, refOf(entity)] });
            }
          const left = [...services.values()];
          let isChanged = false;
          const work = async () => {
            for (let next = left.shift(); next && !signal.aborted; next = left.shift())
              isChanged = (await readRepository(next.repository, next.refs, signal)) || isChanged;
          };
          await Promise.all(Array.from({ length: atOnce }, work));
          if (isChanged) await told();
        },
      },
      connections: {
        async sources({ configuration }, { signal }) {
          const hook: ConnectionResult =
            typeof configuration.hookSecret === 'string' && configuration.hookSecret !== ''
              ? { title: 'Webhook', state: 'good', message: `It has a secret. Its address is POST ${path}.` }
              : {
                  title: 'Webhook',
                  state: 'warning',
                  message: 'It has no secret and refuses all calls.',
                  fix: 'Enter one.',
                };
          const all = githubHosts(configuration, host.settings);
          const items = await Promise.all(all.map(async (own) => github.test(own, await exampleOf(own), signal)));
          const none: ConnectionResult[] =
            all.length > 0
              ? []
              : [
                  {
                    title: 'GitHub',
                    state: 'warning',
                    message: 'No host with a token or an app is configured.',
                    fix: 'Add one here or under integrations.github, if deployments are there.',
                  },
                ];
          return { items: [hook, ...items, ...none] };
        },
      },
    };
  },
});
