/** The plugin in plugins/github in a portal: catalog, hook and push, with a host whose repositories are Git's own behind HTTP. */
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { certificate, key } from '../../testing/certificate.ts';
import { serveGit } from '../../testing/git-server.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';

const component = (title: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: shop, title: ${title} }\nspec: { type: service, lifecycle: production, owner: crew }\n`;
const template = (host: string) => `
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: service }
spec:
  type: service
  parameters: { title: Service, required: [name], properties: { name: { type: string } } }
  steps:
    - { id: make, action: 'catalog:write', input: { filePath: catalog-info.yaml, entity: { kind: Component, metadata: { name: '\${{ parameters.name }}' } } } }
    - id: publish
      action: publish:github
      input: { repoUrl: '${host}?owner=acme&repo=\${{ parameters.name }}', defaultBranch: main, topics: [Portal], protectDefaultBranch: true, allowedHosts: ['${host}'] }
  output: { text: [{ title: Made, content: '\${{ steps.publish.output.remoteUrl }} \${{ steps.publish.output.commitHash }}' }] }
`;

let portal: TestPortal;
let folder: string;
let host: string;
let file = component('First');
const done: string[] = [];
const sha = (text: string) => createHash('sha1').update(text).digest('hex');
const repositoryAt = (path: string) => join(folder, path);

/** Git's own server, for whoever has the token. */
function git(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== `Basic ${Buffer.from('x-access-token:ghp_test').toString('base64')}`)
    return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  serveGit(folder, request, response);
}

/** As much of the API as a catalog and a template need. */
function answer(method: string, path: string, body: any): [status: number, body?: unknown, headers?: object] {
  if (path === '/api/graphql') {
    const node = {
      name: 'shop',
      url: `http://${host}/acme/shop`,
      visibility: 'PRIVATE',
      owner: { login: 'acme' },
      defaultBranchRef: { name: 'main' },
      repositoryTopics: { nodes: [] },
      head: { oid: sha(`commit ${file}`) },
      file: { oid: sha(file) },
    };
    const repositories = { totalCount: 1, pageInfo: { hasNextPage: false }, nodes: [node] };
    return [200, { data: { repositoryOwner: { repositories } } }];
  }
  const at = `${method} ${path.replace('/api/v3', '')}`;
  const [, name] = /^GET \/repos\/acme\/([\w-]+)$/.exec(at) ?? [];
  if (at === 'GET /rate_limit') return [200, { resources: { core: { limit: 5000, remaining: 4999 } } }];
  if (at === 'GET /user') return [200, { login: 'octocat' }, { 'x-oauth-scopes': 'repo' }];
  if (at === 'GET /users/acme') return [200, { login: 'acme', type: 'Organization' }];
  if (at.startsWith('GET /repos/acme/shop/contents/catalog-info.yaml'))
    return [200, { type: 'file', encoding: 'base64', content: Buffer.from(file).toString('base64'), sha: sha(file) }];
  if (name !== undefined)
    return existsSync(repositoryAt(`acme/${name}.git`)) ? [200, { default_branch: 'main' }] : [404, {}];
  if (method === 'GET') return [404, { message: 'Not Found' }];
  done.push(`${at} ${JSON.stringify(body)}`);
  if (at === 'POST /orgs/acme/repos') {
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repositoryAt(`acme/${body.name}.git`)]);
    execFileSync('git', ['-C', repositoryAt(`acme/${body.name}.git`), 'config', 'http.receivepack', 'true']);
  }
  return at.endsWith('/protection')
    ? [403, { message: 'Upgrade to GitHub Pro or make this repository public' }]
    : [201, {}];
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://host');
  if (!url.pathname.startsWith('/api/')) return git(request, response);
  let text = '';
  for await (const chunk of request) text += chunk;
  if (request.headers.authorization !== 'Bearer ghp_test')
    return void response.writeHead(401).end('{"message":"Bad credentials"}');
  const [status, body, headers = {}] = answer(request.method!, url.pathname, text && JSON.parse(text));
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
const server = createServer((request, response) => void serve(request, response));
const secure = createSecureServer({ key, cert: certificate }, (request, response) => void serve(request, response));
const portOf = (of: typeof server | typeof secure) => (of.address() as AddressInfo).port;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-github-'));
  for (const each of [server, secure]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${portOf(server)}`;
  portal = await testPortal({
    place: {},
    files: { 'template.yaml': template(host) },
    config: `
integrations:
  github: [{ host: "${host}", apiBaseUrl: "http://${host}/api/v3", token: ghp_test }]
plugins:
  settings:
    github: { webhookSecret: bowline }
catalog:
  providers: { github: { harbour: { organization: acme, host: "${host}", catalogPath: /catalog-info.yaml, filters: { repository: '.*' } } } }
  locations: [{ type: file, target: ./template.yaml }]
  rules: [{ allow: [Component, Location, Template] }]
`,
  });
});
afterAll(async () => {
  await portal.stop();
  for (const each of [server, secure]) {
    each.closeAllConnections();
    each.close();
  }
  await rm(folder, { recursive: true });
});

const hook = (id: string, secret = 'bowline') => {
  const body = JSON.stringify({
    repository: { name: 'shop', html_url: `http://${host}/acme/shop`, owner: { login: 'acme' } },
  });
  return fetch(`${portal.url}/api/plugins/github/hooks/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  });
};

test('what the configuration file names is on: repositories come into the catalog, and a hook has a change read at once', async () => {
  await eventually(async () => expect((await portal.entity('component:default/shop'))?.metadata.title).toBe('First'));
  // That there are no people is nothing that names of files would mend.
  expect((await portal.portal.summary()).sources.empty).toEqual([]);
  file = component('Second');
  expect((await hook('11111111-a', 'wrong')).status).toBe(401);
  expect((await hook('11111111-a')).status).toBe(202);
  expect((await hook('11111111-a')).status).toBe(409);
  await eventually(async () => expect((await portal.entity('component:default/shop')).metadata.title).toBe('Second'));
});

test('a template makes a repository, pushes its files with Git, and leaves what is there alone', async () => {
  const run = async (name: string) => {
    const { body } = await portal.send('POST', '/api/scaffolder/v2/tasks', {
      templateRef: 'template:default/service',
      values: { name },
    });
    return eventually(async () => {
      const { body: task } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}`);
      expect(task.status).toMatch(/completed|failed/);
      const { body: events } = await portal.get(`/api/scaffolder/v2/tasks/${body.id}/events`);
      return { status: task.status, log: JSON.stringify(events) };
    }, 30_000);
  };
  const { status, log } = await run('pier');
  expect(status, log).toBe('completed');
  const inRepository = (...args: string[]) =>
    execFileSync('git', ['-C', repositoryAt('acme/pier.git'), ...args], { encoding: 'utf8' });
  expect(inRepository('show', 'main:catalog-info.yaml')).toContain('name: pier');
  expect(log).toContain(`http://${host}/acme/pier.git ${inRepository('rev-parse', 'main').trim()}`);
  expect(log).toContain('The branch main is not protected');
  expect(log).not.toContain('ghp_test');
  expect(done.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'POST /orgs/acme/repos',
    'PUT /repos/acme/pier/topics',
    'PUT /repos/acme/pier/branches/main/protection',
  ]);
  const again = await run('pier');
  expect(again.status).toBe('failed');
  expect(again.log).toContain('exists already, and this step has not made it');
  expect(inRepository('rev-list', '--count', 'main')).toBe('1\n');
});

test('the test of the connection names certificate, token and scopes', async () => {
  const secureHost = `localhost:${portOf(secure)}`;
  const tryOut = async (hosts: object[]) => {
    const { body } = await portal.send('POST', '/api/admin/plugins/github/test', { configuration: { hosts } });
    const own = body.items.filter(({ title }: any) => title.startsWith('localhost'));
    return own.map(({ title, state, message }: any) => [title.replace(secureHost, 'host'), state, message]);
  };
  const [first] = await tryOut([{ host: secureHost, token: 'ghp_test' }]);
  expect(first).toEqual([
    'host',
    'bad',
    expect.stringContaining('cannot be trusted: its certificate is signed by itself'),
  ]);
  const trusted = { host: secureHost, certificate: certificate.replaceAll('\n', ' ') };
  expect(await tryOut([{ ...trusted, token: 'ghp_test' }])).toEqual([
    ['host', 'good', 'It can be reached; 4999 of 5000 calls are left in this hour.'],
    ['host: token', 'good', 'It is the token of octocat.'],
    ['host: scope repo', 'good', 'For private repositories, pushing files and opening pull requests.'],
    ['host: scope read:org', 'warning', 'The token lacks it; it is needed for people and teams.'],
    ['host: scope admin:org_hook', 'warning', 'The token lacks it; it is needed for registering the webhook.'],
    ['host: scope workflow', 'warning', 'The token lacks it; it is needed for pushing workflows of GitHub Actions.'],
  ]);
  const [refused] = await tryOut([{ ...trusted, token: 'expired' }]);
  expect(refused[2]).toContain('it does not take the token (Bad credentials): make a new one');
  const [nobody] = await tryOut([{ host: 'localhost:9', token: 'x' }]);
  expect(nobody[2]).toContain('nothing listens there');
});
