/** What GitLab's documented API says of one project. */
import { blobId } from '../commit.ts';
import { type Answer, type FakeProject, type Gitlab, hash, missing, type Request, type Thing } from './words.ts';

const at = 'https://gl.example.com';
const author = { author_name: 'Ann', author_email: 'ann@example.com' };

const commitOf = (project: FakeProject, branch: string) => hash(JSON.stringify([project.id, project.branches[branch]]));
const shownCommit = (project: FakeProject, id: string): Thing => ({
  id,
  short_id: id.slice(0, 8),
  title: 'Pay twice',
  message: 'Pay twice\n\nOnce more.',
  ...author,
  authored_date: '2026-11-20T10:00:00.000+01:00',
  committer_name: 'Ann',
  committer_email: 'ann@example.com',
  committed_date: '2026-11-20T10:00:00.000+01:00',
  created_at: '2026-11-20T10:00:00.000+01:00',
  parent_ids: [],
  web_url: `${at}/${project.path}/-/commit/${id}`,
});
const shownBranch = (project: FakeProject, name: string): Thing => ({
  name,
  merged: false,
  protected: false,
  default: name === project.branch,
  web_url: `${at}/${project.path}/-/tree/${name}`,
  commit: shownCommit(project, commitOf(project, name)),
});

/** Files and folders below a path, all of them or only the next. */
function treeOf(files: Record<string, string>, below: string, isRecursive: boolean): Thing[] {
  const found = new Map<string, Thing>();
  const start = below === '' ? '' : `${below.replace(/\/$/, '')}/`;
  for (const [path, text] of Object.entries(files)) {
    if (!path.startsWith(start)) continue;
    const parts = path.slice(start.length).split('/');
    for (let depth = 1; depth <= (isRecursive ? parts.length : 1); depth += 1) {
      const name = parts[depth - 1]!;
      const whole = `${start}${parts.slice(0, depth).join('/')}`;
      found.set(
        whole,
        depth === parts.length
          ? { id: blobId(Buffer.from(text)), name, type: 'blob', path: whole, mode: '100644' }
          : { id: hash(whole), name, type: 'tree', path: whole, mode: '040000' },
      );
    }
  }
  return [...found.values()];
}

/** A change of files in one commit. */
function commit(project: FakeProject, body: Thing): Answer {
  const files = { ...project.branches[body['start_branch'] ?? body['branch']] };
  for (const { action, file_path: path, content, encoding } of body['actions']) {
    if (action === 'create' && path in files)
      return { status: 400, body: { message: 'A file with this name already exists' } };
    if (action === 'update' && !(path in files))
      return { status: 400, body: { message: "A file with this name doesn't exist" } };
    if (action === 'delete') delete files[path];
    else files[path] = encoding === 'base64' ? Buffer.from(content, 'base64').toString() : content;
  }
  project.branches[body['branch']] = files;
  return { status: 201, body: shownCommit(project, commitOf(project, body['branch'])) };
}

function ofRepository(gitlab: Gitlab, project: FakeProject, rest: string, query: URLSearchParams, request: Request) {
  const { method = 'GET' } = request;
  const body: Thing = request.body ? JSON.parse(request.body) : {};
  const ref = query.get('ref') === 'HEAD' ? project.branch : (query.get('ref') ?? project.branch);
  const branchOf = (name: string) =>
    name in project.branches ? name : Object.keys(project.branches).find((each) => commitOf(project, each) === name);
  const file = /^files\/([^/]+)(\/raw)?$/.exec(rest);
  if (file) {
    const path = decodeURIComponent(file[1]!);
    const branch = branchOf(ref);
    const text = branch === undefined ? undefined : project.branches[branch]?.[path];
    if (text === undefined) return missing('File');
    const blob = blobId(Buffer.from(text));
    const etag = `W/"${hash(text)}"`;
    const headers = { etag, 'x-gitlab-blob-id': blob, 'x-gitlab-file-path': path };
    if (method === 'HEAD') return { headers, body: '' };
    if (request.headers?.['if-none-match'] === etag) return { status: 304, headers, body: '' };
    if (file[2]) return { headers: { ...headers, 'content-type': 'text/plain' }, body: text };
    const shown = { file_name: path.split('/').at(-1), file_path: path, size: text.length, encoding: 'base64', ref };
    return { headers, body: { ...shown, content: Buffer.from(text).toString('base64'), blob_id: blob } };
  }
  if (rest === 'tree') {
    const branch = branchOf(ref);
    if (branch === undefined) return missing('Tree');
    const isRecursive = query.get('recursive') === 'true';
    return gitlab.paged(treeOf(project.branches[branch]!, query.get('path') ?? '', isRecursive), query, request);
  }
  const one = /^commits\/(.+)$/.exec(rest);
  if (one) {
    const name = decodeURIComponent(one[1]!);
    const branch = branchOf(name === 'HEAD' ? project.branch : name);
    return branch === undefined ? missing('Commit') : { body: shownCommit(project, commitOf(project, branch)) };
  }
  if (rest === 'commits')
    return method === 'POST'
      ? commit(project, body)
      : gitlab.paged([shownCommit(project, commitOf(project, project.branch))], query, request);
  if (rest === 'branches' && method === 'POST') {
    const name = query.get('branch') ?? body['branch'];
    if (name in project.branches) return { status: 400, body: { message: 'Branch already exists' } };
    project.branches[name] = { ...project.branches[query.get('ref') ?? body['ref']] };
    return { status: 201, body: shownBranch(project, name) };
  }
  if (rest === 'branches') {
    const search = query.get('search') ?? '';
    const names = Object.keys(project.branches).filter((name) =>
      search.startsWith('^') ? name.startsWith(search.slice(1)) : name.includes(search),
    );
    return gitlab.paged(
      names.map((name) => shownBranch(project, name)),
      query,
      request,
    );
  }
  const branch = /^branches\/(.+)$/.exec(rest);
  if (branch) {
    const name = decodeURIComponent(branch[1]!);
    return name in project.branches ? { body: shownBranch(project, name) } : missing('Branch');
  }
  if (rest === 'contributors')
    return gitlab.paged(
      ['Ann', 'Ben'].map((name) => ({ name, email: `${name}@example.com`, commits: 2, additions: 0, deletions: 0 })),
      query,
      request,
    );
  return missing('Address');
}

/** What a new thing of a project is shown as, beside what was given. */
function shownOf(gitlab: Gitlab, project: FakeProject, kind: string, body: Thing): Thing {
  const now = new Date().toISOString();
  switch (kind) {
    case 'merge_requests':
    case 'issues': {
      const iid = (gitlab.made[`${project.path}/${kind}`]?.length ?? 0) + 1;
      const web_url = `${at}/${project.path}/-/${kind}/${iid}`;
      return { iid, project_id: project.id, web_url, state: 'opened', created_at: now, updated_at: now };
    }
    case 'variables':
      return { variable_type: 'env_var', environment_scope: '*', protected: false, masked: false, raw: false };
    case 'access_tokens':
      return { token: `glpat-${kind}`, active: true, revoked: false, user_id: 90, created_at: now };
    case 'deploy_tokens':
      return { token: `gldt-${kind}`, username: body['username'] ?? 'gitlab+deploy-token-1', expires_at: null };
    case 'triggers':
      return { token: `glptt-${kind}`, created_at: now, updated_at: now, last_used: null, owner: null };
    case 'pipelines':
      return {
        project_id: project.id,
        status: 'pending',
        source: 'trigger',
        web_url: `${at}/${project.path}/-/pipelines/${gitlab.made[`${project.path}/pipelines`]?.length ?? 0}`,
        created_at: now,
      };
    case 'hooks':
      return { project_id: project.id, created_at: now };
    case 'statuses':
      return { status: body['state'], created_at: now, author: { id: 7, username: 'ann' } };
    default:
      return {};
  }
}

/** The answer to a call about a project. */
export function ofProject(
  gitlab: Gitlab,
  project: FakeProject,
  rest: string,
  query: URLSearchParams,
  request: Request,
): Answer {
  const { method = 'GET' } = request;
  const body: Thing = request.body ? JSON.parse(request.body) : {};
  const list = rest.split('/')[0]!;
  const kind = `${project.path}/${list}`;
  if (rest === '') return { body: gitlab.shown(project) };
  if (list === 'repository') return ofRepository(gitlab, project, rest.slice('repository/'.length), query, request);
  if (rest === 'languages') return { body: { Go: 90.5, Shell: 9.5 } };
  if (rest === 'releases') {
    const self = `${at}/${project.path}/-/releases/v1.2`;
    const released = '2026-11-01T00:00:00.000Z';
    return gitlab.paged([{ name: 'v1.2', tag_name: 'v1.2', released_at: released, _links: { self } }], query, request);
  }
  if (rest === 'trigger/pipeline') {
    const trigger = gitlab.made[`${project.path}/triggers`]?.find(({ token }) => token === body['token']);
    if (!trigger) return missing('Trigger token');
    return gitlab.add(`${project.path}/pipelines`, { ref: body['ref'] }, shownOf(gitlab, project, 'pipelines', body));
  }
  if (list === 'statuses')
    return gitlab.add(kind, { sha: rest.split('/')[1], ...body }, shownOf(gitlab, project, list, body));
  if (list === 'members' && method === 'POST') return gitlab.join(kind, body);
  const change = /^(merge_requests|issues)\/(\d+)(\/(?:merge|approval_state))?$/.exec(rest);
  if (change) {
    const found = gitlab.made[kind]?.find(({ iid }) => String(iid) === change[2]);
    if (!found) return missing('It');
    if (change[3] === '/approval_state')
      return { body: { approval_rules_overwritten: false, rules: [{ id: 1, eligible_approvers: [{ id: 8 }] }] } };
    // Nothing runs here, so that there is nothing to wait for.
    if (change[3] === '/merge') return { status: 405, body: { message: '405 Method Not Allowed' } };
    if (method === 'PUT') {
      const { state_event: event, ...others } = body;
      Object.assign(found, others, event === undefined ? {} : { state: event === 'close' ? 'closed' : 'opened' });
    }
    return { body: found };
  }
  const one = /^(variables|access_tokens|deploy_tokens|triggers|hooks)\/([^/]+)$/.exec(rest);
  if (one) {
    const all = gitlab.made[kind] ?? [];
    const scope = query.get('filter[environment_scope]');
    const index = all.findIndex(
      ({ id, key, environment_scope: of }) =>
        String(key ?? id) === one[2] && (scope === null || of === undefined || of === scope),
    );
    if (index < 0) return missing('It');
    if (method === 'DELETE') return { status: 204, body: all.splice(index, 1) && '' };
    if (method === 'PUT') Object.assign(all[index]!, body);
    return { body: all[index] };
  }
  if (method === 'POST') {
    if (list === 'protected_branches' && gitlab.made[kind]?.some(({ name }) => name === body['name']))
      return { status: 409, body: { message: `Protected branch '${body['name']}' already exists` } };
    return gitlab.add(kind, body, shownOf(gitlab, project, list, body));
  }
  const found = (gitlab.made[kind] ?? []).filter(
    (each) =>
      (!query.get('source_branch') || each['source_branch'] === query.get('source_branch')) &&
      (!query.get('state') || each['state'] === query.get('state')) &&
      (!query.get('search') || String(each['title']).includes(query.get('search')!)),
  );
  return gitlab.paged(found, query, request);
}
