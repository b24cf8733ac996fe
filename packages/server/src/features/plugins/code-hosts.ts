import type { CodeHost } from '@callboard/plugin-api';
import { AppError } from '../../core/errors/index.ts';
import type { FindHost } from '../catalog/index.ts';
import { fullNameOf } from './repository-name.ts';
import type { ActivePlugin } from './active.ts';
import type { CallHow, Runtime } from './runtime.ts';

type Methods = Required<CodeHost>;
/** Asks a code host: `ask('readFile', { url })`. */
export type AskCodeHost = <Method extends keyof Methods>(
  method: Method,
  input: Parameters<Methods[Method]>[0],
  how?: Pick<CallHow, 'user' | 'signal'>,
) => Promise<Awaited<ReturnType<Methods[Method]>>>;

/** A host of code that a plugin serves. */
export type FoundCodeHost = { plugin: string; title: string; can(method: keyof Methods): boolean; ask: AskCodeHost };
/** A host by name, for pickers. */
export type NamedHost = { plugin: string; host: string; type: string; title?: string };

/** A folder or file that is not there, in the words of the contract. */
const isMissing = (error: unknown): boolean => error instanceof AppError && error.details?.['reason'] === 'NOT_FOUND';

const always = new Set<keyof Methods>(['owns', 'readFile', 'readTree', 'listRepositories']);
const mostKnown = 500;

/** The hosts of code that plugins serve. Whose an address is, is asked once per host name, until plugins change. */
export function createCodeHosts(runtime: Runtime) {
  const owners = new Map<string, Promise<FoundCodeHost | undefined>>();
  runtime.onChange(() => owners.clear());

  const all = (): FoundCodeHost[] =>
    runtime
      .all()
      .filter((plugin: ActivePlugin) => plugin.state === 'enabled')
      .flatMap((plugin) =>
        (plugin.manifest.contributes?.codeHosts ?? []).map(({ id, title, does = [] }) => ({
          plugin: plugin.id,
          title,
          can: (method: keyof Methods) => always.has(method) || (does as string[]).includes(method),
          ask: ((method, input, how) =>
            runtime.call(plugin.id, `codeHosts/${id}/${method}`, input, how)) as AskCodeHost,
        })),
      );

  async function ownerOf(url: string): Promise<FoundCodeHost | undefined> {
    for (const found of all()) if (await found.ask('owns', { url })) return found;
    return undefined;
  }

  return {
    /** The code host whose an address is; undefined when it is nobody's, or its plugin does not answer. */
    async of(url: string): Promise<FoundCodeHost | undefined> {
      if (!URL.canParse(url) || !/^https?:/.test(url)) return undefined;
      const { origin } = new URL(url);
      let found = owners.get(origin);
      if (!found) {
        found = ownerOf(url);
        owners.set(origin, found);
        found.catch(() => owners.delete(origin));
        if (owners.size > mostKnown) owners.delete(owners.keys().next().value!);
      }
      return found.catch(() => undefined);
    },
    /** Every host that is configured in some plugin. One that cannot be asked is left out. */
    async hosts(): Promise<NamedHost[]> {
      const named = await Promise.all(
        all()
          .filter((found) => found.can('hosts'))
          .map(async (found) => {
            const hosts = await found.ask('hosts', {}).catch(() => []);
            return hosts.map((host) => ({ plugin: found.plugin, ...host }));
          }),
      );
      return named.flat();
    },
  };
}

export type CodeHosts = ReturnType<typeof createCodeHosts>;

/** Code hosts as the catalog reads them. */
export const hostFiles =
  (codeHosts: CodeHosts): FindHost =>
  async (url) => {
    const found = await codeHosts.of(url);
    if (!found) return undefined;
    const known = (version: string | undefined) => (version === undefined ? {} : { version });
    return {
      async read(address, version, signal) {
        try {
          const answer = await found.ask('readFile', { url: address, ...known(version) }, { signal });
          if (answer === null) return 'unchanged';
          return { bytes: Buffer.from(answer.text, answer.encoding ?? 'utf8'), version: answer.version };
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      },
      tree: async (address, version, signal) =>
        (await found.ask('readTree', { url: address, ...known(version) }, { signal })) ?? 'unchanged',
      async gitAccess(address, signal) {
        if (!found.can('gitAccess')) return undefined;
        return (await found.ask('gitAccess', { url: address }, { signal })) ?? undefined;
      },
      async branches(address, signal) {
        const name = fullNameOf(address);
        if (!name || !found.can('complete')) return [];
        const { host } = new URL(address);
        const answer = await found.ask('complete', { host, what: 'branches', ...name }, { signal });
        return answer.items.map(({ value }) => value);
      },
    };
  };
