import type { ConnectionResult, Host, Plugin, RouteAnswer } from '@callboard/plugin-api';
import {
  type CodeHost,
  hostsOf,
  type Problem,
  products,
  type Repository,
  repositoryOf,
  storeKey,
  type Vendor,
} from './hosts.ts';
import { signatureFault, toldBy, type Told, toleranceMs } from './hook.ts';
import { createReading } from './reading.ts';
import { createRecords, merge } from './record.ts';
import { createRepositories } from './repositories.ts';
import { readRunning, tellersOf, type Told as ToldToRun } from './running.ts';
import { currentView, historyView, type Known, matrixView } from './views.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
const refOf = ({ kind, metadata }: Entity) =>
  `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();
const wrong = (status: number, message: string): RouteAnswer => ({ status, body: { message } });
/** Repositories that are asked side by side. */
const atOnce = 4;
/** So often pages are told while repositories are read for the first time. */
const tellMs = 5_000;
const path = '/api/plugins/deployments/hooks/deployments';

/** The plugin. `firstMs` is the first wait at its start, when what it asks is still being read. */
export const deployments = ({ firstMs }: { firstMs: number }): Plugin => ({
  setup(host) {
    const hosts = hostsOf(host.configuration, host.settings);
    const secret = typeof host.configuration.hookSecret === 'string' ? host.configuration.hookSecret : '';
    const toldToRun: ToldToRun = { byPlugin: new Map(), wholeAt: 0 };
    const records = createRecords(host, (service) => {
      for (const services of toldToRun.byPlugin.values()) if (services.has(service)) services.set(service, '');
    });
    const repositories = createRepositories(host, records);
    const vendors = [...new Set(hosts.map(({ vendor }) => vendor))];
    const reading = createReading(host, ['running', ...vendors], firstMs);
    /** Repositories that this replica has read */
    const seen = new Set<string>();
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

    /** What is wrong since when, as the end of a sentence. */
    const wrongSince = ({ message, since }: Problem) =>
      `since ${since.slice(0, 16).replace('T', ' ')} UTC: ${message.replace(/\.+$/, '')}.`;

    /** What is known of an entity, what was looked for, and what is wrong with that. */
    async function known(entity: Entity): Promise<Known> {
      const [record, tellers, first] = await Promise.all([
        records.read(refOf(entity)),
        tellersOf(host),
        reading.words(),
      ]);
      const repository = repositoryOf(entity, hosts);
      const stored = repository && (await repositories.recordOf(repository));
      const { problem, uncompared, differences = {} } = stored ?? {};
      const product = repository ? products[repository.at.vendor] : 'GitHub and GitLab';
      const names = hosts.map(({ name }) => name).join(', ');
      const looked = [
        `calls of the webhook for ${record.service}`,
        ...tellers.map(({ title }) => `what runs in ${title}`),
        repository
          ? `${product} deployments of ${repository.project} at ${repository.at.name} (${repository.evidence}; ${stored ? 'read every five minutes' : 'not read yet'})`
          : `deployments at GitHub and GitLab (no annotation github.com/project-slug or gitlab.com/project-slug, and no source on ${names === '' ? 'a configured host' : names})`,
      ].join('; ');
      const problems = [
        ...tellers.flatMap(({ title, problem: silence }) =>
          silence ? [`${title} does not know all that runs ${wrongSince(silence)}`] : [],
        ),
        ...(problem ? [`${product} cannot be read ${wrongSince(problem)}`] : []),
        ...(uncompared && !problem ? [`Not compared with the default branch ${wrongSince(uncompared)}`] : []),
      ];
      const isNamed = repository !== undefined;
      return { record, differences, looked, isNamed, problems, ...(first !== undefined && { reading: first }) };
    }

    /** A repository of the catalog on this host, to try the token on. */
    async function exampleOf(own: CodeHost): Promise<Repository | undefined> {
      for await (const entities of components())
        for (const entity of entities) {
          const found = repositoryOf(entity, [own]);
          if (found) return found;
        }
      return undefined;
    }

    /** Reads repositories of components that are at hosts of a vendor: all, or those that were not there before. Says whether there were such. */
    async function readRepositories(vendor: Vendor, signal: AbortSignal, isAll: boolean): Promise<boolean> {
      const services = new Map<string, { repository: Repository; refs: string[] }>();
      for await (const entities of components())
        for (const entity of entities) {
          const repository = repositoryOf(entity, hosts);
          if (repository?.at.vendor !== vendor) continue;
          const key = storeKey(repository);
          const found = services.get(key) ?? { repository, refs: [] };
          services.set(key, { ...found, refs: [...found.refs, refOf(entity)] });
        }
      const left = [...services].filter(([key]) => isAll || !seen.has(key));
      const isMore = left.some(([key]) => !seen.has(key));
      let isChanged = false;
      let toldAt = Date.now();
      const work = async () => {
        for (let next = left.shift(); next && !signal.aborted; next = left.shift()) {
          const [key, { repository, refs }] = next;
          isChanged = (await repositories.read(repository, refs, signal)) || isChanged;
          seen.add(key);
          if (!isChanged || Date.now() - toldAt < tellMs) continue;
          [isChanged, toldAt] = [false, Date.now()];
          await told();
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      if (isChanged) await told();
      return isMore || services.size === 0;
    }

    async function readAll(vendor: Vendor, signal: AbortSignal): Promise<void> {
      if (!vendors.includes(vendor)) return;
      let isAll = true;
      await reading.look(vendor, signal, async () => {
        const isMore = await readRepositories(vendor, signal, isAll);
        isAll = false;
        return isMore;
      });
    }

    return {
      views: {
        async matrix() {
          const all = await records.all();
          const there = new Set<string>();
          const services = new Map<string, { at: CodeHost; refs: string[] }>();
          // What the catalog does not have is kept, but not shown.
          for (let at = 0; at < all.length; at += 500)
            for (const entity of await host.catalog.get(all.slice(at, at + 500).map(({ service }) => service))) {
              there.add(refOf(entity));
              const repository = repositoryOf(entity, hosts);
              if (!repository) continue;
              const key = storeKey(repository);
              services.set(key, { at: repository.at, refs: [...(services.get(key)?.refs ?? []), refOf(entity)] });
            }
          const read = await repositories.all();
          const problems = new Map<string, string[]>();
          const differences = new Map<string, Known['differences']>();
          for (const [key, { at, refs }] of services) {
            const { problem, differences: found = {} } = read.get(key) ?? {};
            for (const ref of refs) differences.set(ref, found);
            const words = problem && `${products[at.vendor]}: ${problem.message}; the last known is shown.`;
            if (words !== undefined) problems.set(words, [...(problems.get(words) ?? []), ...refs]);
          }
          const silent = (await tellersOf(host)).flatMap(({ title, problem }) =>
            problem ? [{ message: `${title} does not know all that runs ${wrongSince(problem)}`, services: [] }] : [],
          );
          return matrixView(
            all.filter(({ service, last }) => there.has(service) && Object.keys(last).length > 0),
            differences,
            [...silent, ...[...problems].slice(0, 3).map(([message, of]) => ({ message, services: of }))],
            await reading.words(),
          );
        },
        current: async ({ entity }) => currentView(await known(entity!)),
        history: async ({ entity }) => historyView(await known(entity!)),
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
        github: (_input, { signal }) => readAll('github', signal),
        gitlab: (_input, { signal }) => readAll('gitlab', signal),
        running: (_input, { signal }) =>
          reading.look('running', signal, async () => {
            const isChanged = await readRunning(host, records, toldToRun);
            if (isChanged) await told();
            return isChanged || (await host.catalog.refs('component:', 1)).length === 0;
          }),
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
          const all = hostsOf(configuration, host.settings);
          const items = await Promise.all(all.map(async (own) => repositories.test(own, await exampleOf(own), signal)));
          const none: ConnectionResult[] =
            all.length > 0
              ? []
              : [
                  {
                    title: 'GitHub and GitLab',
                    state: 'warning',
                    message: 'No host with a token or an app is configured.',
                    fix: 'Add one here, or under integrations.github or integrations.gitlab, if deployments are there.',
                  },
                ];
          return { items: [hook, ...items, ...none] };
        },
      },
    };
  },
});
