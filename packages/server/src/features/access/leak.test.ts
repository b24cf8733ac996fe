import { readdir, readFile } from 'node:fs/promises';
import fastCheck from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually, type TestPortal, testPortal } from '../../testing/portal.ts';
import { others, pluginRoutes, type Probe, probes } from './testing/probes.ts';
import { askers, conditions, filesOf, fulfils, world } from './testing/world.ts';

const config = `
catalog: { locations: [{ type: file, target: ./entities }] }
access:
  defaultRole: none
  trustedProxies: [127.0.0.1, '::1']
  signIn:
    proxy: {}
    resolvers: [{ resolver: usernameMatchingUserEntityName }]
  bindings: [{ role: administrator, to: [user:default/dan] }]
`;
const open = 'catalog: { locations: [{ type: file, target: ./entities }] }\n';

/** What differs between two portals however alike they are: times, counters, and places in a list that ranks by who asks. */
const unstable =
  /^(?:id|at|.*At|ageMs|cursor|nextCursor|prevCursor|rank|documentId|document|sourceId|version|mark|etag|hash|fingerprint|build_timestamp|bounds)$/;
/** That nothing answers to a ref is not told of what is hidden; the copy, where it is true, says so. */
const missing = 'CATALOG_RELATION_TARGET_MISSING';
const locationUids = new Map<TestPortal, string>();
const sorted = new Set(['results', 'groups', 'items', 'events', 'entities', 'facets', 'types', 'nodes', 'edges']);

function normal(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value
      .filter((item) => !(item as { code?: string } | null)?.code?.startsWith(missing))
      .map((item) => normal(item));
    return sorted.has(key) ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !unstable.test(name))
      .map(([name, item]) => [name, normal(item, name)]),
  );
}

async function ask(
  portal: TestPortal,
  probe: Probe,
  asker?: string,
): Promise<{ status: number; text: string; body: any }> {
  const response = await fetch(portal.url + probe.path, {
    method: probe.method,
    headers: {
      ...(asker !== undefined && { 'x-forwarded-user': asker }),
      ...(probe.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(probe.body !== undefined && { body: JSON.stringify(probe.body) }),
  });
  // The Location that stands for the folder is named after it.
  const text = (await response.text())
    .replaceAll(portal.folder, '<folder>')
    .replaceAll(/generated-[0-9a-f]{40}/g, 'generated-by-folder')
    .replaceAll(locationUids.get(portal) ?? '<none>', '<uid of the folder>');
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, text, body: isJson && text ? JSON.parse(text) : text };
}

/** An answer in a form that two portals share; what only counts problems that the copy has more of is left out. */
function comparable(path: string, { status, body }: { status: number; body: any }): string {
  if (path.endsWith('/catalog/problems')) return JSON.stringify(normal({ status, items: body.items }));
  const counts = path.endsWith('/sources') || path.endsWith('/provenance');
  const text = JSON.stringify({ status, body }, (key, value) => (counts && key === 'problems' ? undefined : value));
  return JSON.stringify(normal(JSON.parse(text)));
}

/** Waits until everything can be found, and learns what the folder's own entity is called. */
const ready = async (portal: TestPortal, asker?: string) => {
  const { body: entities } = await ask(
    portal,
    { method: 'GET', path: '/api/catalog/entities?filter=kind=location' },
    asker,
  );
  locationUids.set(portal, entities[0].metadata.uid);
  await eventually(async () => {
    const { body } = await ask(portal, { method: 'GET', path: '/api/search/suggest?term=company' }, asker);
    if (body.incomplete) throw new Error('the index is not complete yet');
  });
};

test('every operation of the OpenAPI document is either probed or has a reason why not', async () => {
  const known = [...Object.keys(probes), ...Object.values(others).flat()];
  expect(known.length).toBe(new Set(known).size);
  const portal = await testPortal({ place: {}, config: open });
  const paths = (await portal.get('/api/openapi.json')).body.paths as Record<
    string,
    Record<string, { operationId: string }>
  >;
  await portal.stop();
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods).map((each) => each.operationId));
  expect(
    operations.filter((operation) => !known.includes(operation)),
    'add these to testing/probes.ts',
  ).toEqual([]);
  expect(
    known.filter((operation) => !operations.includes(operation)),
    'these do not exist any more',
  ).toEqual([]);
});

test('every route of a plugin that comes with the portal names its entity, or has a reason why not', async () => {
  const folder = new URL('../../../../../plugins/', import.meta.url);
  const manifests = await Promise.all(
    (await readdir(folder)).map(async (name) =>
      JSON.parse(await readFile(new URL(`${name}/package.json`, folder), 'utf8')),
    ),
  );
  const routes: { name: string; entity?: string }[] = manifests.flatMap(({ callboard: { id, contributes } }) =>
    (contributes.routes ?? []).map((route: any) => ({ name: `${id}/${route.id}`, entity: route.entity })),
  );
  expect(routes.some(({ entity }) => entity !== undefined)).toBe(true);
  expect(
    routes.flatMap(({ name, entity }) => (entity === undefined ? [name] : [])).toSorted(),
    'say "entity" in the manifest, or add these to testing/probes.ts',
  ).toEqual(Object.values(pluginRoutes).flat().toSorted());
});

forEachDatabase((_dialect, databases) => {
  let whole: TestPortal;
  let uids: Map<string, string>;
  beforeAll(async () => {
    whole = await testPortal({ place: await databases.place(), files: filesOf(world), config });
    const { body } = await ask(whole, { method: 'GET', path: '/api/catalog/entities?fields=kind,metadata' }, 'dan');
    uids = new Map(
      body.map((each: any) => [
        `${each.kind}:${each.metadata.namespace ?? 'default'}/${each.metadata.name}`.toLowerCase(),
        each.metadata.uid,
      ]),
    );
    expect(world.filter((each) => !uids.has(each.ref))).toEqual([]);
    await ready(whole, 'dan');
  }, 60_000);
  afterAll(() => whole.stop());

  const administrate = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(whole.url + path, {
      method,
      headers: { 'x-forwarded-user': 'dan', 'content-type': 'application/json', origin: whole.url },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };

  test('whoever may see a part sees what a portal shows that has only this part', { timeout: 300_000 }, async () => {
    const cases = fastCheck.tuple(conditions, fastCheck.constantFrom(...askers.filter((name) => name !== 'dan')));
    let run = 0;
    await fastCheck.assert(
      fastCheck.asyncProperty(cases, async ([condition, asker]) => {
        run += 1;
        const role = `case-${run}`;
        await administrate('PUT', `/api/access/roles/${role}`, {
          permissions: [
            'search.read',
            'plugins.use',
            'scaffolder.template.*',
            'catalog.location.read',
            // What stands for the folder itself is in every copy.
            {
              permissions: ['catalog.entity.read'],
              when: { anyOf: [condition, { rule: 'IS_ENTITY_KIND', params: { kinds: ['Location'] } }] },
            },
          ],
        });
        const binding = (await administrate('POST', '/api/access/bindings', {
          role,
          subject: `user:default/${asker}`,
        })) as { id: string };
        const part = world.filter((each) => fulfils(each, condition, asker));
        const copy = await testPortal({
          place: await databases.place(),
          files: { 'entities/.keep': '', ...filesOf(part) },
          config: open,
        });
        try {
          await ready(copy);
          const seen = await ask(
            whole,
            { method: 'GET', path: '/api/catalog/entities?fields=kind,metadata.uid' },
            asker,
          );
          const found = seen.body.filter((each: any) => each.kind !== 'Location');
          expect(new Set(found.map((each: any) => each.metadata.uid))).toEqual(
            new Set(part.map((each) => uids.get(each.ref))),
          );
          const differing: { probe: Probe; given?: string; right?: string }[] = [];
          for (const make of Object.values(probes))
            for (const probe of make(uids)) {
              const [mine, theirs] = await Promise.all([ask(whole, probe, asker), ask(copy, probe)]);
              const [given, right] = [mine, theirs].map((answer) => comparable(probe.path, answer));
              if (given !== right) differing.push({ probe, given, right });
            }
          expect(differing.slice(0, 5)).toEqual([]);
        } finally {
          await copy.stop();
          await administrate('DELETE', `/api/access/bindings/${binding.id}`);
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
