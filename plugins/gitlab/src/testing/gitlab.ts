/** A GitLab in the process of the test: the parts of its documented API that the plugin uses, with projects, files and everything else in memory. */
import { type Answer, type FakeProject, type Gitlab, hash, missing, type Request, type Thing } from './words.ts';
import { endpointOf } from './endpoints.ts';
import { ofProject } from './project.ts';

/** Makes one with projects; `calls` are those that it got. */
export function fakeGitlab(options: { token?: string; scopes?: string[]; isPremium?: boolean } = {}) {
  const { token = 'glpat-1', scopes = ['api'], isPremium = false } = options;
  const projects = new Map<number, FakeProject>();
  const groups: Thing[] = [];
  const members: Record<number, Thing[]> = {};
  const made: Record<string, Thing[]> = {};
  const calls: string[] = [];
  /** Endpoints that were asked for, and addresses that are none of those that a client of others has tried. */
  const asked = new Set<string>();
  const unproven: string[] = [];
  let next = 1_000;
  let address = '';
  let numbers = true;

  const shown = (project: FakeProject): Thing => ({
    id: project.id,
    path: project.path.split('/').at(-1),
    name: project.path.split('/').at(-1),
    path_with_namespace: project.path,
    description: null,
    namespace: { id: 11, kind: 'group', full_path: project.path.replace(/\/[^/]*$/, '') },
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
    const following = new URL(address);
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
    const thing = { id: next++, ...more, ...body };
    (made[kind] ??= []).push(thing);
    return { status: 201, body: thing };
  };

  const people = [
    { id: 7, username: 'ann', name: 'Ann', email: 'ann@example.com' },
    { id: 8, username: 'ben', name: 'Ben' },
  ].map((each): Thing => ({
    ...each,
    state: 'active',
    web_url: `https://gl.example.com/${each.username}`,
    avatar_url: null,
    created_at: '2026-01-01T00:00:00.000Z',
  }));
  /** Somebody becomes a member, once. */
  function join(kind: string, body: Thing): Answer {
    if (made[kind]?.some(({ id }) => id === body['user_id']))
      return { status: 409, body: { message: 'Member already exists' } };
    const user = people.find(({ id }) => id === body['user_id']);
    if (!user) return missing('User');
    const member = { ...user, access_level: body['access_level'], expires_at: null };
    (made[kind] ??= []).push(member);
    return { status: 201, body: member };
  }
  const gitlab: Gitlab = { made, shown, paged, add, join };

  /** Who is in a group, and with which groups it is shared. */
  function membersOf(group: Thing, rest: string, body: Thing, method: string): Answer {
    const [what, id] = rest.split('/');
    const kind = `${group['full_path']}/${what}`;
    if (method === 'POST' && what === 'members') return join(kind, body);
    const key = what === 'share' ? 'group_id' : 'id';
    const all: Thing[] = what === 'share' ? (group['shared_with_groups'] ??= []) : (made[kind] ??= []);
    if (method === 'POST') {
      const other = groups.find((each) => each['id'] === body['group_id']);
      if (!other) return missing('Group');
      const level = { group_access_level: body['group_access'], expires_at: null };
      all.push({ group_id: other['id'], group_name: other['name'], group_full_path: other['full_path'], ...level });
      return { status: 201, body: group };
    }
    const index = all.findIndex((each) => String(each[key]) === id);
    if (index < 0) return missing('Member');
    if (method === 'PUT') return { body: Object.assign(all[index]!, body) };
    return { status: 204, body: all.splice(index, 1) && '' };
  }

  /** Webhooks of groups, which only paid editions have. */
  function hooksOf(group: Thing, rest: string, query: URLSearchParams, request: Request): Answer {
    if (!isPremium) return missing('Hooks of groups');
    const kind = `${group['full_path']}/hooks`;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    if (request.method === 'POST') return add(kind, body, { group_id: group['id'] });
    if (request.method !== 'PUT') return paged(made[kind] ?? [], query, request);
    const found = made[kind]?.find(({ id }) => String(id) === rest.split('/')[1]);
    return found ? { body: Object.assign(found, body) } : missing('Hook');
  }

  function answer(url: URL, request: Request): Answer {
    const { method = 'GET' } = request;
    const path = url.pathname.replace('/api/v4/', '');
    const query = url.searchParams;
    const body: Thing = request.body ? JSON.parse(request.body) : {};
    const { authorization, 'private-token': given } = request.headers ?? {};
    if (authorization !== `Bearer ${token}` && given !== token)
      return { status: 401, body: { message: '401 Unauthorized' } };
    if (path === 'metadata')
      return { body: { version: '18.5.1', revision: 'abc', kas: { enabled: false }, enterprise: isPremium } };
    if (path === 'personal_access_tokens/self')
      return { body: { id: 1, name: 'portal', scopes, active: true, revoked: false, expires_at: '2099-01-01' } };
    if (path === 'user') return { body: people[0] };
    if (path === 'bulk_imports')
      return add(
        'bulk_imports',
        { source_url: body['configuration'].url },
        { status: 'created', source_type: 'gitlab' },
      );
    if (path === 'projects' && method === 'GET') return paged([...projects.values()].map(shown), query, request);
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
      return found ? ofProject(gitlab, found, project[2] ?? '', query, request) : missing('Project');
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
      if (group[2] === 'members' && method === 'GET') return paged(members[found['id']] ?? [], query, request);
      if (/^(members|share)(\/|$)/.test(group[2])) return membersOf(found, group[2], body, method);
      if (/^hooks(\/|$)/.test(group[2])) return hooksOf(found, group[2], query, request);
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
    if (path === 'users') return { body: people.filter(({ username }) => username === query.get('username')) };
    const user = /^users\/([^/]+)(\/projects)?$/.exec(path);
    if (user) {
      const found = people.find(({ id, username }) => [String(id), username].includes(user[1]!));
      if (!found) return missing('User');
      if (!user[2]) return { body: found };
      const own = [...projects.values()].filter((each) => each.path.startsWith(`${found['username']}/`));
      return paged(own.map(shown), query, request);
    }
    return missing('Address');
  }

  return {
    projects,
    groups,
    members,
    made,
    calls,
    asked,
    unproven,
    /** As for lists that are too long to be counted. */
    hideNumbers: () => void (numbers = false),
    add: (project: FakeProject) => void projects.set(project.id, project),
    fetch: (given: string, request: Request): Answer => {
      const url = new URL(given);
      address = given;
      const path = url.pathname.replace('/api/v4', '');
      const call = `${request.method ?? 'GET'} ${decodeURIComponent(path)}`;
      calls.push(call);
      const endpoint = endpointOf(request.method ?? 'GET', path);
      if (endpoint === undefined) unproven.push(call);
      else asked.add(endpoint);
      if (request.method !== 'POST' && request.method !== 'PUT') return answer(url, request);
      // What is to be set may stand in the address as well.
      const body = { ...Object.fromEntries(url.searchParams), ...JSON.parse(request.body ?? '{}') };
      return answer(url, { ...request, body: JSON.stringify(body) });
    },
  };
}
