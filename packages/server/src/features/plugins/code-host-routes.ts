import {
  CodeHostList,
  CompleteCodeHostBody,
  CompleteCodeHostResponse,
  PluginChecksQuery,
  RepositoryFactsResponse,
} from '@callboard/model/http';
import { type Static } from '@callboard/model/schema';
import { AppError } from '../../core/errors/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import type { CodeHosts } from './code-hosts.ts';
import { featureErrors } from './errors.ts';
import { entityHidden, entityOf } from './views.ts';

const tags = ['plugins'];
const use = { permission: 'plugins.use' };
const freshMs = 60_000;
const mostKept = 2_000;

type Facts = Static<typeof RepositoryFactsResponse>;

/** What the portal asks hosts of code for people: names for pickers, and what is worth knowing of a repository. */
export function registerCodeHosts(
  http: HttpServer,
  { codeHosts, access, catalog }: { codeHosts: CodeHosts; access: Access; catalog: CatalogReading },
): void {
  const kept = new Map<string, { at: number; facts: Facts['facts'] }>();

  /** What is known of a repository: asked again after a while, and shown with its age when the host does not answer. */
  async function factsOf(url: string): Promise<Omit<Facts, 'url'>> {
    const found = await codeHosts.of(url);
    if (!found?.can('facts')) return { ...(found && { plugin: found.plugin }), facts: null };
    const key = `${found.plugin} ${url}`;
    let known = kept.get(key);
    let problem: Facts['problem'];
    if (!known || Date.now() - known.at > freshMs)
      try {
        known = { at: Date.now(), facts: (await found.ask('facts', { url })) as Facts['facts'] };
        kept.delete(key);
        kept.set(key, known);
        if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        problem = { code: error.code, message: error.message, fix: error.fix };
      }
    return {
      plugin: found.plugin,
      facts: known?.facts ?? null,
      ...(known && { at: new Date(known.at).toISOString() }),
      ...(problem && { problem }),
    };
  }

  http.get(
    '/api/plugins/code-hosts',
    {
      config: use,
      schema: {
        operationId: 'GetCodeHosts',
        tags,
        summary: 'The hosts of code that plugins serve',
        response: { 200: CodeHostList },
      },
    },
    async () => ({ items: await codeHosts.hosts() }),
  );
  http.post(
    '/api/plugins/code-hosts/complete',
    {
      config: { ...use, audit: 'never' },
      schema: {
        operationId: 'CompleteCodeHost',
        tags,
        summary: 'Owners, repositories or branches of a host of code that somebody may mean',
        body: CompleteCodeHostBody,
        response: { 200: CompleteCodeHostResponse },
      },
    },
    async (request) => {
      const { host } = request.body;
      const found = await codeHosts.of(`https://${host}/`);
      const { what, owner, search = '' } = request.body;
      const user = access.principalOf(request).ref;
      if (found && !found.can('complete') && what === 'repositories' && owner !== undefined) {
        const { repositories, cursor } = await found.ask('listRepositories', { owner }, { user });
        const names = repositories.map(({ name }) => name).filter((name) => name.includes(search));
        return { items: names.slice(0, 1_000).map((value) => ({ value })), isComplete: cursor === undefined };
      }
      if (!found?.can('complete')) throw featureErrors.codeHostUnknown({ host });
      const { items, isComplete = true } = await found.ask('complete', request.body, { user });
      return { items, isComplete };
    },
  );
  http.get(
    '/api/plugins/code-hosts/facts',
    {
      config: use,
      schema: {
        operationId: 'GetRepositoryFacts',
        tags,
        summary: 'What the host of code knows of the repository of an entity',
        querystring: PluginChecksQuery,
        response: { 200: RepositoryFactsResponse },
      },
    },
    async (request) => {
      const ref = request.query.entity.toLowerCase();
      if (!(await access.seenAmong(request, [ref])).has(ref)) throw entityHidden(ref);
      const { annotations = {} } = (await entityOf(catalog, ref))!.metadata;
      const at = annotations['backstage.io/source-location'] ?? annotations['backstage.io/managed-by-location'] ?? '';
      const [, url] = /^url:(https?:.+)$/.exec(at) ?? [];
      return url === undefined ? { facts: null } : { url, ...(await factsOf(url)) };
    },
  );
}
