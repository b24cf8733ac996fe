import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Raw } from '../model.ts';

/** How the server is unwell. */
export type Illness = 'error' | 'page' | 'half' | 'busy' | 'locked' | 'forbidden' | 'missing' | 'silent';

type Change = { type: string; object: Raw; version: number; collection: string };
type Watcher = { collection: string; namespace?: string; selector?: string; response: ServerResponse };

const status = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
});

/** Merges as `application/merge-patch+json` does: null takes away, lists are replaced. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Raw = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch))
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  return result;
}

const address =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>v[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/;

/**
 * Speaks list, watch, patch and access reviews as an API server does: versions that go up with each change, pages with `continue`, changes since a
 * version, 410 for versions that are too old, bookmarks, Status objects for refusals, subresources `status`, `scale` and `log`.
 */
export async function startApiServer(options: { token: string; kinds: string[] }) {
  const collections = new Map<string, Map<string, Raw>>(options.kinds.map((kind) => [kind, new Map()]));
  const changes: Change[] = [];
  const watchers = new Set<Watcher>();
  const logs = new Map<string, string[]>();
  const calls: string[] = [];
  const denied = new Set<string>();
  const missing = new Set<string>();
  let version = 100;
  let oldest = 0;
  let uid = 0;
  let illness: Illness | undefined;

  const isWanted = ({ collection, namespace, selector }: Omit<Watcher, 'response'>, change: Change) =>
    change.collection === collection &&
    (namespace === undefined || change.object.metadata.namespace === namespace) &&
    (selector !== 'type!=Normal' || change.object.type !== 'Normal');

  function tell(type: string, collection: string, object: Raw): void {
    version += 1;
    object.metadata.resourceVersion = String(version);
    const change = { type, object: structuredClone(object), version, collection };
    changes.push(change);
    for (const watcher of watchers)
      if (isWanted(watcher, change)) watcher.response.write(`${JSON.stringify({ type, object: change.object })}\n`);
  }

  function send(response: ServerResponse, code: number, body: unknown): void {
    const text = JSON.stringify(body);
    response
      .writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      .end(text);
  }

  function watch(response: ServerResponse, query: URLSearchParams, wish: Omit<Watcher, 'response'>): void {
    const from = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < oldest) {
      const gone = status(410, 'Expired', `too old resource version: ${from} (${oldest})`);
      return void response.end(`${JSON.stringify({ type: 'ERROR', object: gone })}\n`);
    }
    const watcher = { ...wish, response };
    for (const change of changes)
      if (change.version > from && isWanted(watcher, change))
        response.write(`${JSON.stringify({ type: change.type, object: change.object })}\n`);
    watchers.add(watcher);
    response.on('close', () => watchers.delete(watcher));
  }

  function list(response: ServerResponse, query: URLSearchParams, wish: Omit<Watcher, 'response'>): void {
    const all = [...collections.get(wish.collection)!.values()].filter((object) =>
      isWanted(wish, { type: 'ADDED', object, version, collection: wish.collection }),
    );
    const limit = Number(query.get('limit') ?? all.length);
    const start = Number(query.get('continue') ?? 0);
    const more = start + limit < all.length ? { continue: String(start + limit) } : {};
    // Within lists objects do not say of which kind they are, unless they are custom.
    send(response, 200, {
      kind: 'List',
      metadata: { resourceVersion: String(version), ...more },
      items: all.slice(start, start + limit),
    });
  }

  function unwell(response: ServerResponse): boolean {
    if (illness === undefined) return false;
    if (illness === 'error') send(response, 500, status(500, 'InternalError', 'etcdserver: request timed out'));
    else if (illness === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
    else if (illness === 'missing') response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page\n');
    else if (illness === 'busy') {
      response.setHeader('retry-after', '0');
      send(response, 429, status(429, 'TooManyRequests', 'too many requests'));
    } else if (illness === 'locked') send(response, 401, status(401, 'Unauthorized', 'Unauthorized'));
    else if (illness === 'forbidden')
      send(
        response,
        403,
        status(403, 'Forbidden', 'pods is forbidden: User "portal" cannot list resource "pods" in API group ""'),
      );
    else if (illness === 'half') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"kind":"PodList","items":[{');
      setImmediate(() => response.destroy());
    }
    return true;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://api');
    calls.push(`${request.method} ${url.pathname}${url.search}`);
    if (unwell(response)) return;
    if (request.headers.authorization !== `Bearer ${options.token}`)
      return send(response, 401, status(401, 'Unauthorized', 'Unauthorized'));
    let text = '';
    for await (const piece of request) text += piece;
    const body = text === '' ? {} : (JSON.parse(text) as Raw);
    if (url.pathname === '/version') return send(response, 200, { major: '1', minor: '34', gitVersion: 'v1.34.1' });
    if (url.pathname.endsWith('/selfsubjectaccessreviews')) {
      const { verb, resource, subresource } = body.spec.resourceAttributes as Raw;
      const right = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
      return send(response, 201, { ...body, status: { allowed: !denied.has(right) } });
    }
    const { group, version: api, namespace, plural = '', name, sub } = address.exec(url.pathname)?.groups ?? {};
    const collection = `${group === undefined ? '' : `${group}/`}${api}/${plural}`;
    const objects = collections.get(collection);
    if (!objects || missing.delete(collection))
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    const verb = url.searchParams.has('watch') ? 'watch' : name === undefined ? 'list' : 'patch';
    if (request.method === 'GET' && name !== undefined && sub === 'log') {
      const lines = logs.get(`${namespace}/${name}/${url.searchParams.get('container')}`);
      if (!lines) return send(response, 400, status(400, 'BadRequest', `container is waiting to start`));
      const last = lines.slice(-Number(url.searchParams.get('tailLines')));
      return void response
        .writeHead(200, { 'content-type': 'text/plain' })
        .end(last.map((line) => `${line}\n`).join(''));
    }
    if (denied.has(`${verb} ${plural}`)) {
      const message = `${plural} is forbidden: User "portal" cannot ${verb} resource "${plural}" in API group "${group ?? ''}" at the cluster scope`;
      return send(response, 403, status(403, 'Forbidden', message));
    }
    const selector = url.searchParams.get('fieldSelector') ?? undefined;
    if (verb === 'watch') return watch(response, url.searchParams, { collection, namespace, selector });
    if (request.method === 'GET') return list(response, url.searchParams, { collection, namespace, selector });
    const object = objects.get(`${namespace}/${name}`);
    if (request.method !== 'PATCH' || !object)
      return send(response, 404, status(404, 'NotFound', `${plural} "${name}" not found`));
    if (request.headers['content-type'] !== 'application/merge-patch+json')
      return send(
        response,
        415,
        status(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format'),
      );
    const patched = merged(object, body) as Raw;
    objects.set(`${namespace}/${name}`, patched);
    tell('MODIFIED', collection, patched);
    return send(response, 200, patched);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    denied,
    /** Kinds that the next question does not find, as where a proxy is on its way to its cluster again */
    missing,
    logs,
    /** Makes or changes an object, as a controller does. */
    put(collection: string, object: Raw): void {
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      const before = collections.get(collection)!.get(key);
      const metadata = {
        uid: before?.metadata.uid ?? `uid-${(uid += 1)}`,
        creationTimestamp: before?.metadata.creationTimestamp ?? new Date().toISOString(),
        ...object.metadata,
      };
      const made = { ...object, metadata };
      collections.get(collection)!.set(key, made);
      tell(before ? 'MODIFIED' : 'ADDED', collection, made);
    },
    remove(collection: string, key: string): void {
      const object = collections.get(collection)!.get(key)!;
      collections.get(collection)!.delete(key);
      tell('DELETED', collection, object);
    },
    /** Adds a kind, as a custom resource definition does. */
    define(collection: string): void {
      collections.set(collection, new Map());
    },
    /** Forgets all changes before now, as etcd does now and then. */
    compact(): void {
      oldest = version;
      changes.length = 0;
    },
    /** Falls ill, or is well again; open watches break off. */
    be(ill: Illness | undefined): void {
      illness = ill;
      server.closeAllConnections();
    },
    watching: () => watchers.size,
    /** Refuses connections, until it listens at the same port again. */
    async refuse(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async listenAgain(): Promise<void> {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type ApiServer = Awaited<ReturnType<typeof startApiServer>>;
