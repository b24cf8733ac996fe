/** A GitLab in the process of the test: the parts of its documented API that the plugin uses, with projects, files and everything else in memory. */
import { createHash } from 'node:crypto';
import { blobId } from '../commit.ts';

type Thing = Record<string, any>;
type Request = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = { status?: number; headers?: Record<string, string>; body: any };

export type FakeProject = {
  id: number;
  path: string;
  branch: string;
  activeAt: string;
  topics?: string[];
  archived?: boolean;
  fork?: boolean;
  /** Contents by path, by branch */
  branches: Record<string, Record<string, string>>;
  createdAt?: string;
};

const hash = (text: string) => createHash('sha1').update(text).digest('hex');
const missing = (what: string): Answer => ({ status: 404, body: { message: `404 ${what} Not Found` } });

/** Makes one with projects; `calls` are those that it got. */
export function fakeGitlab(options: { token?: string; scopes?: string[] } = {}) {
  const { token = 'glpat-1', scopes = ['api'] } = options;
  const projects = new Map<number, FakeProject>();
  const groups: Thing[] = [];
  const members: Record<number, Thing[]> = {};
  const made: Record<string, Thing[]> = {};
  const calls: string[] = [];
  let next = 1_000;
  let asked = '';
  let numbers = true;

  const shown = (project: FakeProject): Thing => ({
    id: project.id,
    path: project.path.split('/').at(-1),
    name: project.path.split('/').at(-1),
    path_with_namespace: project.path,
    namespace: { full_path: project.path.replace(/\/[^/]*$/, '') },
    web_url: `https://gl.example.com/${project.path}`,
    http_url_to_repo: `https://gl.example.com/${project.path}.git`,
    default_branch: project.branch,
    topics: project.topics ?? [],
    archived: project.archived ?? false,
    visibility: 'private',
    last_activity_at: project.activeAt,
    created_at: project.createdAt ?? '2026-01-01T00:00:00.000Z',
    ...(project.fork && { forked_from_project: { id: 1 } }),
  });

  /** A page of a list, with the headers that GitLab tells where it is. */
  function paged(list: Thing[], query: URLSearchParams, request: Request): Answer {
    const size = Math.min(100, Number(query.get('per_page') ?? 20));
    const page = Number(query.get('page') ?? 1);
    const body = list.slice((page - 1) * size, page * size);
    const etag = `W/"${hash(JSON.stringify(body)).slice(0, 32)}"`;
    const following = new URL(asked);
    following.searchParams.set('page', String(page + 1));
    const headers = {
      etag,
      ...(numbers && {
        'x-total': String(list.length),
        'x-next-page': page * size < list.length ? String(page + 1) : '',
      }),
      ...(page * size < list.length && { link: `<${following.href}>; rel="next"` }),
    };
    return request.headers?.['if-none-match'] === etag ? { status: 304, headers, body: '' } : { headers, body };
  }

  const add = (kind: string, body: Thing, more: Thing = {}): Answer => {
    const thing = { id: next++, ...body, ...more };
    (made[kind] ??= []).push(thing);
    return { status: 201, body: thing };
  };

  function ofProject(project: FakeProject, rest: string, query: URLSearchParams, request: Request): Answer {
    const { method = 'GET' } = request;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    const ref = query.get('ref') === 'HEAD' ? project.branch : (query.get('ref') ?? project.branch);
    const commitOf = (branch: string) => hash(JSON.stringify([project.id, project.branches[branch]]));
    const branchOf = (name: string) =>
      name in project.branches ? name : Object.keys(project.branches).find((each) => commitOf(each) === name);
    const kind = `${project.path}/${rest.split('/')[0]}`;
    if (rest === '') return { body: shown(project) };
    const file = /^repository\/files\/([^/]+)(\/raw)?$/.exec(rest);
    if (file) {
      const text = project.branches[ref]?.[decodeURIComponent(file[1]!)];
      if (text === undefined) return missing('File');
      const etag = `W/"${hash(text)}"`;
      const headers = { etag, 'x-gitlab-blob-id': blobId(Buffer.from(text)) };
      if (method === 'HEAD') return { headers, body: '' };
      if (request.headers?.['if-none-match'] === etag) return { status: 304, headers, body: '' };
      return { headers, body: text };
    }
    if (rest === 'repository/tree') {
      const branch = branchOf(ref);
      if (branch === undefined) return missing('Tree');
      const below = query.get('path') ?? '';
      const list = Object.entries(project.branches[branch]!)
        .filter(([path]) => path.startsWith(below))
        .map(([path, text]) => ({ id: blobId(Buffer.from(text)), type: 'blob', path }));
      return paged(list, query, request);
    }
    const commit = /^repository\/commits\/(.+)$/.exec(rest);
    if (commit) {
      const name = decodeURIComponent(commit[1]!);
      const branch = branchOf(name === 'HEAD' ? project.branch : name);
      return branch === undefined ? missing('Commit') : { body: { id: commitOf(branch) } };
    }
    if (rest === 'repository/commits' && method === 'POST') {
      const from = body['start_branch'] ?? body['branch'];
      const files = { ...project.branches[from] };
      for (const { action, file_path: path, content } of body['actions']) {
        if (action === 'create' && path in files)
          return { status: 400, body: { message: 'A file with this name already exists' } };
        if (action === 'update' && !(path in files))
          return { status: 400, body: { message: "A file with this name doesn't exist" } };
        if (action === 'delete') delete files[path];
        else files[path] = Buffer.from(content, 'base64').toString();
      }
      project.branches[body['branch']] = files;
      return { status: 201, body: { id: commitOf(body['branch']) } };
    }
    if (rest === 'repository/commits')
      return paged(
        [
          {
            title: 'Pay twice',
            author_name: 'Ann',
            committed_date: '2026-11-20T10:00:00.000+01:00',
            web_url: 'https://gl.example.com/c',
          },
        ],
        query,
        request,
      );
    if (rest === 'repository/branches' && method === 'POST') {
      project.branches[query.get('branch')!] = { ...project.branches[query.get('ref')!] };
      return { status: 201, body: {} };
    }
    if (rest === 'repository/branches') {
      const search = (query.get('search') ?? '').replace(/^\^/, '');
      const names = Object.keys(project.branches).filter((name) => name.includes(search));
      return paged(
        names.map((name) => ({ name })),
        query,
        request,
      );
    }
    const branch = /^repository\/branches\/(.+)$/.exec(rest);
    if (branch) {
      const name = decodeURIComponent(branch[1]!);
      return name in project.branches ? { body: { name } } : missing('Branch');
    }
    if (rest === 'languages') return { body: { Go: 90.5, Shell: 9.5 } };
    if (rest === 'repository/contributors') return { body: [{ name: 'Ann' }, { name: 'Ben' }] };
    if (rest === 'releases')
      return { body: [{ name: 'v1.2', tag_name: 'v1.2', released_at: '2026-11-01T00:00:00.000Z' }] };
    if (rest === 'trigger/pipeline') {
      const url = `https://gl.example.com/pipelines/${next}`;
      return add(`${project.path}/pipelines`, body, { web_url: url, created_at: new Date().toISOString() });
    }
    const one = /^(variables|access_tokens|deploy_tokens|triggers|hooks)\/([^/]+)$/.exec(rest);
    if (one) {
      const list = made[kind] ?? [];
      const index = list.findIndex(({ id, key }) => String(key ?? id) === one[2]);
      if (index < 0) return missing('It');
      if (method === 'DELETE') return { status: 204, body: list.splice(index, 1) && '' };
      if (method === 'PUT') Object.assign(list[index]!, body);
      return { body: list[index] };
    }
    if (method === 'POST') {
      if (rest === 'merge_requests' || rest === 'issues') {
        const iid = (made[kind]?.length ?? 0) + 1;
        const opened = { iid, web_url: `https://gl.example.com/${project.path}/-/${rest}/${iid}` };
        return add(kind, body, { ...opened, created_at: new Date().toISOString() });
      }
      const secret = { token: `secret-${next}`, username: body['username'] ?? 'gitlab+deploy-token-1' };
      return add(kind, body, rest.endsWith('tokens') || rest === 'triggers' ? secret : {});
    }
    const found = (made[kind] ?? []).filter(
      (each) =>
        (!query.get('source_branch') || each['source_branch'] === query.get('source_branch')) &&
        (!query.get('search') || String(each['title']).includes(query.get('search')!)),
    );
    return paged(found, query, request);
  }

  function answer(url: URL, request: Request): Answer {
    const { method = 'GET' } = request;
    const path = url.pathname.replace('/api/v4/', '');
    const query = url.searchParams;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    if (request.headers?.['authorization'] !== `Bearer ${token}`)
      return { status: 401, body: { message: '401 Unauthorized' } };
    if (path === 'version') return { body: { version: '18.5.1', revision: 'abc' } };
    if (path === 'personal_access_tokens/self') return { body: { scopes, expires_at: '2099-01-01' } };
    if (path === 'projects' && method === 'POST') {
      const group = groups.find(({ id }) => id === body['namespace_id'])!;
      const project: FakeProject = {
        id: next++,
        path: `${group['full_path']}/${body['path']}`,
        branch: 'main',
        activeAt: new Date().toISOString(),
        createdAt: new Date().toISOString(),
        branches: {},
      };
      projects.set(project.id, project);
      return { status: 201, body: shown(project) };
    }
    const project = /^projects\/([^/]+)(?:\/(.*))?$/.exec(path);
    if (project) {
      const name = decodeURIComponent(project[1]!);
      const found = [...projects.values()].find((each) => String(each.id) === name || each.path === name);
      return found ? ofProject(found, project[2] ?? '', query, request) : missing('Project');
    }
    if (path === 'groups' && method === 'POST') {
      const parent = groups.find(({ id }) => id === body['parent_id']);
      const group = { id: next++, ...body, full_path: [parent?.['full_path'], body['path']].filter(Boolean).join('/') };
      groups.push(group);
      return { status: 201, body: group };
    }
    const namespace = /^namespaces\/([^/]+)$/.exec(path);
    const group = namespace ?? /^groups\/([^/]+)(?:\/(.*))?$/.exec(path);
    if (group) {
      const name = decodeURIComponent(group[1]!);
      const found = groups.find((each) => String(each['id']) === name || each['full_path'] === name);
      if (!found) return missing('Group');
      if (group[2] === undefined) return { body: found };
      if (group[2] === 'descendant_groups')
        return paged(
          groups.filter((each) => String(each['full_path']).startsWith(`${found['full_path']}/`)),
          query,
          request,
        );
      if (group[2] === 'members') return paged(members[found['id']] ?? [], query, request);
      if (group[2] === 'hooks') return missing('Hooks of groups');
      const list = [...projects.values()]
        .filter((each) => each.path.startsWith(`${found['full_path']}/`))
        .filter((each) => query.get('archived') !== 'false' || !each.archived)
        .filter((each) => each.path.includes(query.get('search') ?? ''))
        .toSorted((one, other) => Date.parse(other.activeAt) - Date.parse(one.activeAt) || other.id - one.id);
      return paged(list.map(shown), query, request);
    }
    if (path === 'namespaces')
      return paged(
        groups.filter(({ full_path: full }) => full.includes(query.get('search') ?? '')),
        query,
        request,
      );
    if (path === 'users') return { body: query.get('username') === 'ann' ? [{ id: 7 }] : [] };
    return missing('Address');
  }

  return {
    projects,
    groups,
    members,
    made,
    calls,
    /** As for lists that are too long to be counted. */
    hideNumbers: () => void (numbers = false),
    add: (project: FakeProject) => void projects.set(project.id, project),
    fetch: (address: string, request: Request): Answer => {
      const url = new URL(address);
      asked = address;
      calls.push(`${request.method ?? 'GET'} ${decodeURIComponent(url.pathname.replace('/api/v4', ''))}`);
      return answer(url, request);
    },
  };
}
