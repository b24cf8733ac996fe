/** The plugins in plugins/gitlab and plugins/gitea in a portal: catalog, hooks and pushes, with hosts whose repositories are Git's own behind HTTP. */
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificate, key } from '../../testing/certificate.ts';
import { serveGit } from '../../testing/git-server.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

type Kind = 'gitlab' | 'gitea';
type Answer = [status: number, body: unknown, headers?: Record<string, string>];

const component = (name: string, title: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ${name}, title: ${title} }\nspec: { type: service, lifecycle: production, owner: crew }\n`;
const template = (kind: Kind, host: string) => `
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: to-${kind} }
spec:
  type: service
  steps:
    - { id: make, action: 'catalog:write', input: { filePath: catalog-info.yaml, entity: { kind: Component, metadata: { name: made } } } }
    - id: publish
      action: publish:${kind}
      input: { repoUrl: '${host}?owner=acme&repo=made', defaultBranch: main, description: Made }
  output: { text: [{ title: Made, content: '\${{ steps.publish.output.remoteUrl }} \${{ steps.publish.output.commitHash }}' }] }
`;

let portal: TestPortal;
let folder: string;
const files: Record<Kind, string> = { gitlab: component('sloop', 'First'), gitea: component('yawl', 'First') };
const passwords: Record<Kind, string> = { gitlab: 'oauth2:glpat-1', gitea: 'callboard:gt-1' };
const hosts: Record<Kind, string> = { gitlab: '', gitea: '' };
const repositoryAt = (kind: Kind, path: string) => join(folder, kind, path);

/** Git's own server, for whoever has the token. */
function git(kind: Kind, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== `Basic ${Buffer.from(passwords[kind]).toString('base64')}`)
    return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  serveGit(join(folder, kind), request, response);
}

/** A bare repository, as a host makes one. */
function makeRepository(kind: Kind, name: string): void {
  const path = repositoryAt(kind, `acme/${name}.git`);
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', path]);
  execFileSync('git', ['-C', path, 'config', 'http.receivepack', 'true']);
}

/** As much of the two APIs as a catalog and a template need; the tests of the plugins themselves have the rest. */
function answer(kind: Kind, method: string, path: string, body: any, mark: string | undefined): Answer {
  const at = `${method} ${decodeURIComponent(path)}`;
  const base = `http://${hosts[kind]}/acme`;
  const file = (): Answer => {
    const etag = `"${createHash('sha1').update(files[kind]).digest('hex')}"`;
    return mark === etag ? [304, undefined, { etag }] : [200, files[kind], { etag }];
  };
  const old = '2026-01-01T00:00:00Z';
  const made = existsSync(repositoryAt(kind, 'acme/made.git'));
  const ours = { created_at: new Date().toISOString() };
  const project = { id: 2, http_url_to_repo: `${base}/made.git`, ...ours };
  const boat = { id: 1, default_branch: 'main' };
  switch (`${kind} ${at}`) {
    case 'gitlab GET /api/v4/groups/acme/projects': {
      const shown = { ...boat, path_with_namespace: 'acme/sloop', last_activity_at: old };
      return [200, [shown], { 'x-total': '1' }];
    }
    case 'gitlab HEAD /api/v4/projects/1/repository/files/catalog-info.yaml':
      return [200, '', { 'x-gitlab-blob-id': 'b1' }];
    case 'gitlab GET /api/v4/projects/acme/sloop/repository/files/catalog-info.yaml/raw':
      return file();
    case 'gitlab GET /api/v4/namespaces/acme':
      return [200, { id: 10 }];
    case 'gitlab GET /api/v4/projects/acme/made':
      return made ? [200, project] : [404, { message: '404 Project Not Found' }];
    case 'gitlab POST /api/v4/projects':
      makeRepository(kind, body.path);
      return [201, project];
    case 'gitea GET /api/v1/orgs/acme':
      return [200, { id: 10 }];
    case 'gitea GET /api/v1/repos/search': {
      const shown = { ...boat, full_name: 'acme/yawl', updated_at: old };
      return [200, { ok: true, data: [shown] }, { 'x-total-count': '1' }];
    }
    case 'gitea GET /api/v1/repos/acme/yawl/raw/catalog-info.yaml':
      return file();
    case 'gitea GET /api/v1/repos/acme/made':
      return made ? [200, ours] : [404, {}];
    case 'gitea POST /api/v1/orgs/acme/repos':
      makeRepository(kind, body.name);
      return [201, ours];
    case 'gitlab GET /api/v4/projects/acme/sloop': {
      const named = { path: 'sloop', path_with_namespace: 'acme/sloop', web_url: `${base}/sloop` };
      return [200, { ...boat, ...named, visibility: 'private', description: 'Sails' }];
    }
    case 'gitlab GET /api/v4/projects/acme/sloop/repository/commits':
    case 'gitea GET /api/v1/repos/acme/yawl/commits': {
      const message = { title: 'Hoist', committed_date: old, author_name: 'Ann' };
      return [200, [{ ...message, commit: { message: 'Hoist', committer: { date: old }, author: { name: 'Ann' } } }]];
    }
    case 'gitlab GET /api/v4/projects/acme/sloop/merge_requests':
      return [200, [], { 'x-total': '3' }];
    case 'gitlab GET /api/v4/namespaces':
      return [200, [{ full_path: 'acme', name: 'Acme' }]];
    case 'gitea GET /api/v1/repos/acme/yawl': {
      const named = { name: 'yawl', full_name: 'acme/yawl', owner: { login: 'acme' }, html_url: `${base}/yawl` };
      return [200, { ...boat, ...named, private: true, description: 'Sails', open_pr_counter: 3 }];
    }
    case 'gitea GET /api/v1/user/orgs':
      return [200, [{ name: 'acme', username: 'acme', full_name: 'Acme' }]];
    case 'gitlab GET /api/v4/version':
    case 'gitea GET /api/v1/version':
      return [200, { version: '1.2.3' }];
    case 'gitea GET /api/v1/user':
      return [200, { login: 'portal' }];
    default:
      return [404, { message: `nothing at ${at}` }];
  }
}

const listenerOf =
  (kind: Kind): RequestListener =>
  (request, response) => {
    const url = new URL(request.url!, 'http://host');
    if (!url.pathname.startsWith('/api/')) return git(kind, request, response);
    const serve = async () => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const token = kind === 'gitlab' ? 'Bearer glpat-1' : 'token gt-1';
      if (request.headers.authorization !== token) return void response.writeHead(401).end('{"message":"401"}');
      const mark = request.headers['if-none-match'];
      const [status, body, headers = {}] = answer(kind, request.method!, url.pathname, text && JSON.parse(text), mark);
      response.writeHead(status, headers);
      response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
    };
    void serve();
  };
const servers = {
  gitlab: createServer(listenerOf('gitlab')),
  gitea: createServer(listenerOf('gitea')),
  secureGitlab: createSecureServer({ key, cert: certificate }, listenerOf('gitlab')),
  secureGitea: createSecureServer({ key, cert: certificate }, listenerOf('gitea')),
};
const kinds: Kind[] = ['gitlab', 'gitea'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-forges-'));
  for (const server of Object.values(servers))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const kind of kinds) {
    hosts[kind] = `127.0.0.1:${(servers[kind].address() as AddressInfo).port}`;
  }
  portal = await testPortal({
    place: {},
    files: { 'templates.yaml': kinds.map((kind) => template(kind, hosts[kind])).join('---') },
    config: `
integrations:
  gitlab: [{ host: "${hosts.gitlab}", baseUrl: "http://${hosts.gitlab}", token: glpat-1 }]
  gitea: [{ host: "${hosts.gitea}", baseUrl: "http://${hosts.gitea}", password: gt-1 }]
plugins:
  settings:
    gitlab: { webhookSecret: bowline, repositories: [{ group: acme }] }
    gitea: { webhookSecret: bowline, repositories: [{ owner: acme }] }
catalog:
  locations: [{ type: file, target: ./templates.yaml }]
  rules: [{ allow: [Component, Location, Template] }]
`,
  });
});
afterAll(async () => {
  await portal.stop();
  for (const server of Object.values(servers)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

const hook = (kind: Kind, secret: string) => {
  const address = `http://${hosts[kind]}/acme/${kind === 'gitlab' ? 'sloop' : 'yawl'}`;
  const event =
    kind === 'gitlab'
      ? { object_kind: 'push', project: { path_with_namespace: 'acme/sloop', web_url: address } }
      : { repository: { full_name: 'acme/yawl', html_url: address } };
  const body = JSON.stringify(event);
  const signed = createHmac('sha256', secret).update(body).digest('hex');
  return fetch(`${portal.url}/api/plugins/${kind}/hooks/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(kind === 'gitlab' ? { 'x-gitlab-token': secret } : { 'x-gitea-event': 'push', 'x-gitea-signature': signed }),
    },
    body,
  });
};

test.each([
  ['gitlab', 'sloop'],
  ['gitea', 'yawl'],
] as const)('%s: repositories come into the catalog, and a hook has a change read at once', async (kind, name) => {
  const title = async () => (await portal.entity(`component:default/${name}`))?.metadata.title;
  await eventually(async () => expect(await title()).toBe('First'));
  files[kind] = component(name, 'Second');
  expect((await hook(kind, 'wrong')).status).toBe(401);
  expect((await hook(kind, 'bowline')).status).toBe(202);
  expect((await hook(kind, 'bowline')).status).toBe(409);
  await eventually(async () => expect(await title()).toBe('Second'));
});

test.each([
  ['gitlab', 'sloop'],
  ['gitea', 'yawl'],
] as const)('%s: facts, the card, names for pickers and the buttons of webhooks', async (kind, name) => {
  const facts = await portal.get(`/api/plugins/code-hosts/facts?entity=component:default/${name}`);
  expect(facts.body, JSON.stringify(facts.body)).toMatchObject({
    plugin: kind,
    facts: {
      repository: { owner: 'acme', name, description: 'Sails', private: true },
      lastChange: { at: '2026-01-01T00:00:00.000Z', title: 'Hoist', author: 'Ann' },
      openChanges: 3,
    },
  });
  const card = await portal.get(`/api/plugins/${kind}/views/repository?entity=component:default/${name}`);
  expect(card.body.view.items[0]).toMatchObject({ label: 'Repository', value: `acme/${name}` });
  const body = { host: hosts[kind], what: 'owners', search: 'ac' };
  const found = await portal.send('POST', '/api/plugins/code-hosts/complete', body);
  expect(found.body).toEqual({ items: [{ value: 'acme', title: 'Acme' }], isComplete: true });
  const table = await portal.get(`/api/plugins/${kind}/views/webhooks`);
  const [{ route, body: place }] = table.body.view.rows[0].do.actions;
  expect(route).toBe('register');
  const refused = await portal.send('POST', `/api/plugins/${kind}/webhooks`, place);
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([
    400,
    expect.stringContaining('Set the address of the portal'),
  ]);
});

test.each(kinds)('%s: a template makes a repository and pushes its files with Git', async (kind) => {
  const { body } = await portal.send('POST', '/api/scaffolder/v2/tasks', {
    templateRef: `template:default/to-${kind}`,
    values: {},
  });
  await eventually(async () => {
    const task = await portal.get(`/api/scaffolder/v2/tasks/${body.id}`);
    const { body: events } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}/events`);
    expect(task.body.status, JSON.stringify(events)).toBe('completed');
    expect(JSON.stringify(events)).not.toContain(passwords[kind].split(':')[1]);
  }, 30_000);
  const at = (...args: string[]) =>
    execFileSync('git', ['-C', repositoryAt(kind, 'acme/made.git'), ...args])
      .toString()
      .trim();
  expect(at('ls-tree', '--name-only', 'main')).toBe('catalog-info.yaml');
  expect(at('log', '--format=%s', 'main')).toBe('initial commit');
  const again = await portal.send('POST', '/api/scaffolder/v2/tasks', {
    templateRef: `template:default/to-${kind}`,
    values: {},
  });
  await eventually(async () => {
    const { body: events } = await portal.get(`/api/scaffolder/v2/tasks/${again.body.id}/events`);
    expect(JSON.stringify(events)).toContain('acme/made exists already');
  }, 30_000);
});

test.each(kinds)("%s: a certificate of one's own is named by the test, and trusted when it is given", async (kind) => {
  const { port } = servers[kind === 'gitlab' ? 'secureGitlab' : 'secureGitea'].address() as AddressInfo;
  const ask = async (more: object) => {
    const only = [{ host: `localhost:${port}`, token: kind === 'gitlab' ? 'glpat-1' : 'gt-1', ...more }];
    const { body } = await portal.send('POST', `/api/admin/plugins/${kind}/test`, { configuration: { hosts: only } });
    return body.items[0];
  };
  expect(await ask({})).toMatchObject({
    state: 'bad',
    message: expect.stringContaining('cannot be trusted: its certificate is signed by itself'),
    fix: 'Put the certificate of your authority, as PEM, into the field for it.',
  });
  // A field of one line makes spaces of the ends of lines.
  expect(await ask({ certificate: certificate.replaceAll('\n', ' ') })).toMatchObject({
    state: 'good',
    message: expect.stringContaining('1.2.3'),
  });
});
