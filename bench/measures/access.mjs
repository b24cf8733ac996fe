import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, until } from '../support/http.mjs';
import { startPortal } from '../support/portal.mjs';
import { latencies, rounded } from '../support/statistics.mjs';

const roles = 50;
const groups = 2_000;
const memberOf = 12;

const groupName = (index) => `access-group-${index}`;

/** Fifty roles, given to forty groups each: the first half has a rule each, the second joins rules in ways that cannot be put together. */
function configuration() {
  const rules = [
    () => ({ rule: 'IS_ENTITY_OWNER' }),
    (index) => ({ rule: 'HAS_TAG', params: { tag: ['java', 'go', 'critical', 'internal', 'python'][index % 5] } }),
    (index) => ({
      rule: 'IS_ENTITY_KIND',
      params: {
        kinds: [
          ['Component', 'API'],
          ['Group', 'User'],
        ][index % 2],
      },
    }),
    (index) => ({ rule: 'HAS_SPEC', params: { key: 'lifecycle', value: ['production', 'experimental'][index % 2] } }),
  ];
  return {
    access: {
      defaultRole: 'none',
      trustedProxies: ['127.0.0.1', '::1'],
      signIn: { proxy: {}, resolvers: [{ resolver: 'usernameMatchingUserEntityName' }] },
      roles: Array.from({ length: roles }, (_, index) => {
        const rule = rules[index % rules.length](index);
        const joined = { allOf: [rule, { not: { rule: 'HAS_TAG', params: { tag: `hidden-${index}` } } }] };
        const when = index < roles / 2 ? rule : joined;
        return { name: `role-${index}`, permissions: ['search.read', { permissions: ['catalog.entity.read'], when }] };
      }),
      bindings: [
        { role: 'viewer', to: ['user:default/access-all'] },
        ...Array.from({ length: roles }, (_, index) => ({
          role: `role-${index}`,
          to: Array.from(
            { length: groups / roles },
            (_each, place) => `group:default/${groupName(index * (groups / roles) + place)}`,
          ),
        })),
      ],
    },
  };
}

const entity = (kind, name, spec) =>
  JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name }, spec });

/** In a dozen groups of the first or the second half of the roles. */
const member = (name, half) =>
  entity('User', name, {
    memberOf: Array.from({ length: memberOf }, (_, index) =>
      groupName(Math.floor(((half + index / memberOf) * groups) / 2)),
    ),
  });

const people = () =>
  [
    ...Array.from({ length: groups }, (_, index) => entity('Group', groupName(index), { type: 'team', children: [] })),
    entity('User', 'access-all', { memberOf: [] }),
    member('access-simple', 0),
    member('access-joined', 1),
  ].join('\n---\n');

const queries = {
  list: '/api/catalog/entities/by-query?filter=kind=component&orderField=metadata.name,asc&limit=20',
  listAll: '/api/catalog/entities/by-query?limit=20',
  facets: '/api/catalog/entity-facets?facet=kind&facet=spec.type',
  facetsOfTags: '/api/catalog/entity-facets?facet=metadata.tags&filter=kind=component',
  search: '/api/search/query?term=service',
  searchRare: '/api/search/query?term=payment+ledger',
};

/**
 * What filtering by permissions costs: the same questions by somebody who may see everything and by two with conditions, in turn, so
 * that whatever else happens on the machine happens to both.
 *
 * @returns for each question the times of both and their ratio
 */
export async function measureAccess({ database, catalog, requests }) {
  const store = await database.create();
  writeFileSync(join(store.folder, 'callboard.yaml'), JSON.stringify(configuration()));
  writeFileSync(join(store.folder, 'people.yaml'), people());
  const portal = await startPortal({ store, sources: [catalog.source, join(store.folder, 'people.yaml')] });
  const as = (user) => async (path) => {
    const answer = await ask(portal.url + path, { headers: { 'x-forwarded-user': user }, timeoutMs: 120_000 });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    return answer;
  };
  const askers = { all: as('access-all'), simple: as('access-simple'), joined: as('access-joined') };
  const { all } = askers;
  try {
    const count = async (who) => JSON.parse((await who('/api/catalog/entities/by-query?limit=0')).text).totalItems;
    const wanted = catalog.manifest.n + groups;
    await until(async () => (await count(all).catch(() => 0)) >= wanted, {
      everyMs: 500,
      limitMs: 900_000,
      what: 'the catalog',
    });
    await until(async () => !JSON.parse((await all('/api/search/query?term=service')).text).incomplete, {
      everyMs: 500,
      limitMs: 900_000,
      what: 'the index',
    });
    const figures = {};
    for (const [title, path] of Object.entries(queries)) {
      const times = { all: [], simple: [], joined: [] };
      for (let index = -5; index < requests; index += 1)
        for (const [name, asker] of Object.entries(askers)) {
          const { ms } = await asker(path);
          if (index >= 0) times[name].push(ms);
        }
      const open = latencies(times.all);
      figures[title] = { allMs: open };
      for (const name of ['simple', 'joined']) {
        const filtered = latencies(times[name]);
        figures[title][name] = { ms: filtered, ratio: rounded(filtered.p50 / open.p50) };
      }
    }
    return {
      database: database.name,
      entities: wanted,
      seen: { simple: await count(askers.simple), joined: await count(askers.joined) },
      roles,
      groups,
      queries: figures,
    };
  } finally {
    await portal.stop();
    await store.remove();
  }
}
