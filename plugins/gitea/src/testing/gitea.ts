/** A Gitea in the process of the test: the parts of its documented API that the plugin uses, with everything in memory. */
import { createHash } from 'node:crypto';
import { endpointOf } from './endpoints.ts';

type Thing = Record<string, any>;
type Request = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = { status?: number; headers?: Record<string, string>; body: any };

export type FakeRepository = {
  id: number;
  full: string;
  branch: string;
  updatedAt: string;
  topics?: string[];
  archived?: boolean;
  fork?: boolean;
  createdAt?: string;
  branches: Record<string, Record<string, string>>;
  release?: Thing;
};

const hash = (text: string) => createHash('sha1').update(text).digest('hex');
const missing = (message = "The target couldn't be found."): Answer => ({
  status: 404,
  body: { errors: null, message, url: 'https://git.example.com/api/swagger' },
});

/** Makes one; `calls` are those that it got. */
export function fakeGitea(options: { scopes?: string[] } = {}) {
  const repositories = new Map<number, FakeRepository>();
  const organizations: Thing[] = [];
  const teams: Record<string, Thing[]> = {};
  const members: Record<string, Thing[]> = {};
  const made: Record<string, Thing[]> = {};
  const calls: string[] = [];
  /** Endpoints that were asked for, and addresses that are none of those that a client of others has tried. */
  const asked = new Set<string>();
  const unproven: string[] = [];
  let next = 1_000;

  const shown = (repository: FakeRepository): Thing => ({
    id: repository.id,
    name: repository.full.split('/')[1],
    full_name: repository.full,
    description: '',
    owner: { login: repository.full.split('/')[0], id: 10 },
    clone_url: `https://git.example.com/${repository.full}.git`,
    html_url: `https://git.example.com/${repository.full}`,
    default_branch: repository.branch,
    empty: false,
    private: true,
    topics: repository.topics ?? [],
    archived: repository.archived ?? false,
    fork: repository.fork ?? false,
    updated_at: repository.updatedAt,
    created_at: repository.createdAt ?? '2026-01-01T00:00:00Z',
    open_pr_counter: 2,
  });

  /** A page, which is never longer than an instance allows. */
  function paged(list: Thing[], query: URLSearchParams, wrap?: (page: Thing[]) => Thing): Answer {
    const size = Math.min(50, Number(query.get('limit') ?? 30));
    const page = Number(query.get('page') ?? 1);
    const body = list.slice((page - 1) * size, page * size);
    return { headers: { 'x-total-count': String(list.length) }, body: wrap ? wrap(body) : body };
  }

  function ofRepository(repository: FakeRepository, rest: string, query: URLSearchParams, request: Request): Answer {
    const { method = 'GET' } = request;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    const commitOf = (branch: string) => hash(JSON.stringify([repository.id, repository.branches[branch]]));
    const branchOf = (name: string) =>
      name in repository.branches ? name : Object.keys(repository.branches).find((each) => commitOf(each) === name);
    const ref = branchOf(query.get('ref') ?? repository.branch);
    if (rest === '') return { body: shown(repository) };
    if (rest.startsWith('raw/')) {
      const text = ref === undefined ? undefined : repository.branches[ref]?.[rest.slice(4)];
      if (text === undefined) return missing();
      const etag = `"${hash(text)}"`;
      if (request.headers?.['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' };
      return { headers: { etag }, body: text };
    }
    const commit = /^git\/commits\/(.+)$/.exec(rest);
    if (commit) {
      const branch = branchOf(commit[1]!);
      return branch === undefined ? missing() : { body: { sha: commitOf(branch) } };
    }
    const tree = /^git\/trees\/(.+)$/.exec(rest);
    if (tree) {
      const branch = branchOf(tree[1]!);
      if (branch === undefined) return missing();
      const all = Object.entries(repository.branches[branch]!).map(([path, text]) => ({
        path,
        type: 'blob',
        sha: hash(text),
        size: text.length,
      }));
      const size = Number(query.get('per_page') ?? 1_000);
      const page = Number(query.get('page') ?? 1);
      const part = all.slice((page - 1) * size, page * size);
      return {
        body: { sha: commitOf(branch), tree: part, total_count: all.length, truncated: page * size < all.length },
      };
    }
    if (rest === 'contents' && method === 'POST') {
      const files = { ...repository.branches[body['branch']] };
      for (const { operation, path, content, sha } of body['files']) {
        if (operation === 'create' && path in files)
          return { status: 422, body: { message: 'repository file already exists' } };
        if (operation === 'update' && hash(files[path] ?? '') !== sha)
          return { status: 422, body: { message: 'sha does not match' } };
        files[path] = Buffer.from(content, 'base64').toString();
      }
      const written = body['new_branch'] ?? body['branch'];
      repository.branches[written] = files;
      const changed = body['files'].map(({ path }: Thing) => ({ path, sha: hash(files[path]!), type: 'file' }));
      return { status: 201, body: { files: changed, commit: { sha: commitOf(written) } } };
    }
    const shownBranch = (name: string) => ({ name, protected: false, commit: { id: commitOf(name) } });
    if (rest === 'branches') return paged(Object.keys(repository.branches).map(shownBranch), query);
    const branch = /^branches\/(.+)$/.exec(rest);
    if (branch) return Object.hasOwn(repository.branches, branch[1]!) ? { body: shownBranch(branch[1]!) } : missing();
    if (rest === 'languages') return { body: { Go: 900, Shell: 100 } };
    if (rest === 'commits')
      return paged(
        ['Ann', 'Ben', 'Ann'].map((name, index) => ({
          sha: hash(`${repository.full} ${index}`),
          html_url: 'https://git.example.com/c',
          created: '2026-11-20T10:00:00+01:00',
          commit: {
            message: 'Pay twice\n\nMore',
            author: { name, email: `${name.toLowerCase()}@example.com`, date: '2026-11-20T10:00:00+01:00' },
            committer: { name, email: `${name.toLowerCase()}@example.com`, date: '2026-11-20T10:00:00+01:00' },
          },
        })),
        query,
      );
    if (rest === 'releases/latest') return repository.release ? { body: repository.release } : missing();
    if (rest.startsWith('statuses/')) return { status: 201, body: { id: next++, ...body, status: body['state'] } };
    const kind = `${repository.full}/${rest}`;
    if (rest === 'pulls' && method === 'POST') {
      const number = (made[kind]?.length ?? 0) + 1;
      const pull = {
        number,
        html_url: `https://git.example.com/${repository.full}/pulls/${number}`,
        title: body['title'],
        state: 'open',
        head: { ref: body['head'] },
        base: { ref: body['base'] },
      };
      (made[kind] ??= []).push(pull);
      return { status: 201, body: pull };
    }
    return hooksAt(kind, query, request);
  }

  function hooksAt(kind: string, query: URLSearchParams, request: Request): Answer {
    const { method = 'GET' } = request;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    if (method === 'POST') {
      (made[kind] ??= []).push({ id: next++, ...body });
      return { status: 201, body: made[kind].at(-1) };
    }
    const [, list, id] = /^(.*\/hooks)\/(\d+)$/.exec(kind) ?? [];
    if (method === 'PATCH') {
      const found = made[list!]?.find((each) => String(each['id']) === id);
      return found ? { body: Object.assign(found, body) } : missing();
    }
    return paged(made[kind] ?? [], query);
  }

  function answer(url: URL, request: Request): Answer {
    const { method = 'GET' } = request;
    const path = decodeURIComponent(url.pathname.replace('/api/v1/', ''));
    const query = url.searchParams;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    if (path === 'version') return { body: { version: '1.24.6' } };
    const given = request.headers?.['authorization'];
    const basic = `Basic ${Buffer.from('bot:pass').toString('base64')}`;
    if (!['token gt-1', 'Bearer gt-1', basic].includes(given ?? ''))
      return { status: 401, body: { message: 'invalid username, password or token' } };
    if (path === 'user')
      return options.scopes?.includes('read:user') === false
        ? {
            status: 403,
            body: {
              message:
                'token does not have at least one of required scope(s), required=[read:user], token scope=read:repository',
            },
          }
        : { body: { id: 1, login: 'bot', full_name: '', email: 'bot@noreply.git.example.com' } };
    if (path === 'users/ann') return { body: { id: 7, login: 'ann', full_name: 'Ann' } };
    if (path === 'user/orgs') return paged(organizations, query);
    if (path === 'repos/search') {
      const owner = organizations.find(({ id }) => String(id) === query.get('uid'));
      const list = [...repositories.values()]
        .filter(({ full }) => !owner || full.startsWith(`${owner['name']}/`))
        .filter(({ archived }) => query.get('archived') !== 'false' || !archived)
        .filter(({ full }) => full.split('/')[1]!.includes(query.get('q') ?? ''))
        .toSorted((one, other) => Date.parse(other.updatedAt) - Date.parse(one.updatedAt) || other.id - one.id);
      return paged(list.map(shown), query, (data) => ({ ok: true, data }));
    }
    const make = (owner: string): Answer => {
      const now = new Date().toISOString();
      const repository = {
        id: next++,
        full: `${owner}/${body['name']}`,
        branch: body['default_branch'],
        updatedAt: now,
        createdAt: now,
        branches: {},
      };
      repositories.set(repository.id, repository);
      return { status: 201, body: { ...shown(repository), empty: true } };
    };
    if (path === 'user/repos' && method === 'POST') return make('bot');
    const organization = /^orgs\/([^/]+)(?:\/(.*))?$/.exec(path);
    if (organization) {
      const [, name = '', rest] = organization;
      const found = organizations.find((each) => each['name'] === name);
      if (!found) return missing();
      if (rest === undefined) return { body: found };
      if (rest === 'repos' && method === 'POST') return make(name);
      if (rest === 'members') return paged(members[name] ?? [], query);
      if (rest === 'teams') return paged(teams[name] ?? [], query);
      return hooksAt(`${name}/${rest}`, query, request);
    }
    const team = /^teams\/(\d+)\/members$/.exec(path);
    if (team) return paged(members[team[1]!] ?? [], query);
    const repository = /^repos\/([^/]+\/[^/]+)(?:\/(.*))?$/.exec(path);
    const found = repository && [...repositories.values()].find(({ full }) => full === repository[1]);
    return found ? ofRepository(found, repository[2] ?? '', query, request) : missing();
  }

  return {
    repositories,
    organizations,
    teams,
    members,
    made,
    calls,
    asked,
    unproven,
    add: (repository: FakeRepository) => void repositories.set(repository.id, repository),
    fetch: (address: string, request: Request): Answer => {
      const url = new URL(address);
      const path = url.pathname.replace('/api/v1', '');
      const call = `${request.method ?? 'GET'} ${decodeURIComponent(path)}`;
      calls.push(call);
      const endpoint = endpointOf(request.method ?? 'GET', path);
      if (endpoint === undefined) unproven.push(call);
      else asked.add(endpoint);
      return answer(url, request);
    },
  };
}
