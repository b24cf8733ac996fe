import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../../testing/portal.ts';

const files = {
  'org.yaml': `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: engineering }
spec: { type: department, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: payments }
spec: { type: team, parent: engineering, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: jane }
spec: { memberOf: [payments] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: joe }
spec: { memberOf: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ledger }
spec: { type: service, lifecycle: production, owner: engineering }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: shop, tags: [public] }
spec: { type: website, lifecycle: production, owner: user:joe }
`,
  'callboard.yaml': '',
};
const config = (folder: string) => `
catalog: { locations: [{ type: file, target: ${folder} }] }
access:
  defaultRole: none
  roles:
    - name: mine-and-public
      permissions:
        - search.read
        - permissions: [catalog.entity.read]
          when: { anyOf: [IS_ENTITY_OWNER, { rule: HAS_TAG, params: { tag: public } }] }
  bindings:
    - { role: mine-and-public, to: [group:default/engineering] }
`;

forEachDatabase((_dialect, databases) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await databases.place(), files, config: config('./org.yaml') });
  }, 60_000);
  afterAll(() => portal.stop());
  const explain = async (principal: string, entityRef?: string, permission?: string) =>
    (await portal.send('POST', '/api/access/explain', { principal, entityRef, permission })).body;

  test('a decision is explained by role, binding, rule and the way through groups', async () => {
    expect(await explain('user:default/jane', 'component:default/ledger')).toMatchObject({
      result: 'allow',
      exists: true,
      reason:
        'user:default/jane has catalog.entity.read: the role mine-and-public is given to group:default/engineering (by user:default/jane → group:default/payments → group:default/engineering), and IS_ENTITY_OWNER or HAS_TAG(tag: public) holds.',
      groups: [
        { group: 'group:default/payments', path: ['group:default/payments'] },
        { group: 'group:default/engineering', path: ['group:default/payments', 'group:default/engineering'] },
      ],
      ways: [
        {
          role: 'mine-and-public',
          roleSource: 'configuration',
          subject: 'group:default/engineering',
          path: ['group:default/payments', 'group:default/engineering'],
          conditions: ['IS_ENTITY_OWNER or HAS_TAG(tag: public)'],
          holds: true,
        },
      ],
    });
    expect(await explain('user:default/jane', 'user:default/joe')).toMatchObject({
      result: 'deny',
      reason:
        'user:default/jane has catalog.entity.read by mine-and-public, but user:default/joe does not fulfil IS_ENTITY_OWNER or HAS_TAG(tag: public).',
    });
    expect(await explain('user:default/joe', 'component:default/shop')).toMatchObject({
      result: 'deny',
      reason: 'No role that user:default/joe has gives catalog.entity.read.',
      wouldHelp: ['viewer', 'developer', 'owner', 'administrator', 'mine-and-public'],
    });
    expect([(await explain('User:default/Joe')).known, (await explain('user:default/jeo')).known]).toEqual([
      true,
      false,
    ]);
    expect((await explain('joe')).error).toMatchObject({
      code: 'ACCESS_POLICY_INVALID',
      message: 'The policy cannot be used: joe is nobody who could be asked about',
    });
    expect((await explain('user:default/joe', 'component:default/none')).reason).toBe(
      'There is no entity component:default/none.',
    );
    expect((await explain('user:default/jane')).result).toBe('conditional');
    expect(await explain('user:default/local-administrator', undefined, 'access.policy.manage')).toMatchObject({
      result: 'allow',
      reason: 'user:default/local-administrator is an administrator of the portal, who may do everything.',
    });
  });

  test('a change is simulated, then made, then taken back; what is configured stays', async () => {
    const simulated = await portal.send('POST', '/api/access/simulate', {
      addBindings: [{ role: 'viewer', subject: 'user:default/joe', when: 'IS_ENTITY_OWNER' }],
    });
    expect(simulated.body).toEqual({
      people: 3,
      truncated: false,
      items: [
        {
          principal: 'user:default/joe',
          gains: [
            {
              permission: 'catalog.entity.read',
              before: 'deny',
              after: 'conditional',
              entitiesBefore: 0,
              entitiesAfter: 1,
              entities: 1,
            },
          ],
          loses: [],
        },
      ],
    });
    expect((await explain('user:default/joe', 'component:default/shop')).result).toBe('deny');
    const role = await portal.send('PUT', '/api/access/roles/reader', {
      permissions: [
        'search.read',
        { permissions: ['catalog.entity.read'], when: { not: { rule: 'HAS_TAG', params: { tag: 'public' } } } },
      ],
    });
    expect([role.status, role.body.source, role.body.grants[1].whenText]).toEqual([
      200,
      'portal',
      'not HAS_TAG(tag: public)',
    ]);
    const made = await portal.send('POST', '/api/access/bindings', { role: 'reader', subject: 'user:default/Joe' });
    expect([made.status, made.body.subject]).toEqual([201, 'user:default/joe']);
    expect((await explain('user:default/joe', 'component:default/shop')).result).toBe('deny');
    expect((await explain('user:default/joe', 'component:default/ledger')).result).toBe('allow');
    expect((await portal.send('DELETE', '/api/access/roles/reader')).body.error).toMatchObject({
      code: 'ACCESS_POLICY_ROLE_IN_USE',
    });
    expect((await portal.send('DELETE', `/api/access/bindings/${made.body.id}`)).status).toBe(204);
    expect((await portal.send('DELETE', '/api/access/roles/reader')).status).toBe(204);
    expect((await portal.send('DELETE', '/api/access/roles/viewer')).body.error).toMatchObject({
      code: 'ACCESS_POLICY_ELSEWHERE',
      message: 'The role viewer is not kept in the portal: it is built in',
    });
    const configured = (await portal.get('/api/access/bindings')).body.items.at(-1);
    expect(configured).toMatchObject({ role: 'mine-and-public', source: 'configuration' });
    const wrong = await portal.send('POST', '/api/access/bindings', { role: 'raeder', subject: 'user:default/joe' });
    expect([wrong.status, wrong.body.error.message]).toEqual([
      400,
      'The policy cannot be used: role: there is no role raeder',
    ]);
  });

  test('Backstage’s clients can ask', async () => {
    const answer = await portal.send('POST', '/api/permission/authorize', {
      items: [
        {
          id: '1',
          permission: { name: 'catalog.entity.read', type: 'resource' },
          resourceRef: 'component:default/shop',
        },
        { id: '2', permission: { name: 'catalog.entity.create', type: 'basic', attributes: { action: 'create' } } },
        { id: '3', permission: { name: 'unknown.thing', type: 'basic' } },
        { id: '4', permission: { name: 'catalog.entity.read' }, resourceRef: ['component:default/shop'] },
      ],
    });
    expect(answer.body).toEqual({
      items: [
        { id: '1', result: 'ALLOW' },
        { id: '2', result: 'ALLOW' },
        { id: '3', result: 'DENY' },
        { id: '4', result: ['ALLOW'] },
      ],
    });
    const applied = await portal.send('POST', '/api/catalog/.well-known/backstage/permissions/apply-conditions', {
      items: [
        {
          id: '1',
          resourceType: 'catalog-entity',
          resourceRef: ['component:default/shop', 'component:default/ledger'],
          conditions: { anyOf: [{ rule: 'HAS_TAG', resourceType: 'catalog-entity', params: { tag: 'public' } }] },
        },
      ],
    });
    expect(applied.body).toEqual({ items: [{ id: '1', result: ['ALLOW', 'DENY'] }] });
    const metadata = (await portal.get('/api/catalog/.well-known/backstage/permissions/metadata')).body;
    expect(metadata.permissions[0]).toEqual({
      type: 'resource',
      name: 'catalog.entity.read',
      attributes: { action: 'read' },
      resourceType: 'catalog-entity',
    });
  });

  test('the audit tells every change with its difference, and is bound together', async () => {
    const audit = (await portal.get('/api/access/audit?action=access.policy.*&limit=20')).body;
    const changes = audit.items.filter((entry: { action: string }) => entry.action === 'access.policy.manage');
    expect(changes.map((entry: any) => [entry.operation, entry.result, entry.status])).toEqual([
      ['CreateBinding', 'failed', 400],
      ['DeleteRole', 'failed', 409],
      ['DeleteRole', 'done', 204],
      ['DeleteBinding', 'done', 204],
      ['DeleteRole', 'failed', 409],
      ['CreateBinding', 'done', 201],
      ['PutRole', 'done', 200],
    ]);
    expect(changes[5]).toMatchObject({
      actor: 'user:default/local-administrator',
      via: 'local',
      address: '127.0.0.1',
      subject: '/api/access/bindings',
      detail: { before: null, after: { role: 'reader', subject: 'user:default/joe' } },
    });
    const found = (await portal.get('/api/access/audit?text=reader&result=done')).body.items;
    expect(found.map((entry: any) => entry.operation)).toEqual([
      'DeleteRole',
      'DeleteBinding',
      'CreateBinding',
      'PutRole',
    ]);
    const exported = await fetch(`${portal.url}/api/access/audit/export`);
    const lines = (await exported.text()).trim().split('\n');
    expect(lines.length).toBeGreaterThan(7);
    expect(JSON.parse(lines[0]!)).toMatchObject({ id: 1 });
    const { id, at, hash, request } = changes[5];
    const since = await fetch(`${portal.url}/api/access/audit/export?format=syslog&after=${id - 1}&text=reader`);
    expect(since.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const [message] = (await since.text()).split('\n');
    const known = `id="${id}" actor="user:default/local-administrator" via="local" address="127.0.0.1" action="access.policy.manage" operation="CreateBinding" subject="/api/access/bindings" result="done" status="201" request="${request}" hash="${hash}"`;
    expect(message).toBe(
      `<110>1 ${at} ${hostname()} callboard - CreateBinding [callboard@32473 ${known}] ${JSON.stringify(changes[5].detail)}`,
    );
    expect((await portal.get('/api/access/audit/verify')).body).toMatchObject({ intact: true });
    expect(
      (await portal.get('/api/access/audit?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z')).body.error.code,
    ).toBe('ACCESS_AUDIT_TIMES_SWAPPED');
  });

  test('who gains some entities and loses others is told both', async () => {
    const when = (tag: string) => ({ rule: 'HAS_TAG', params: { tag } });
    const role = (condition: unknown) => ({ permissions: [{ permissions: ['catalog.entity.read'], when: condition }] });
    await portal.send('PUT', '/api/access/roles/tagged', role(when('public')));
    const made = await portal.send('POST', '/api/access/bindings', { role: 'tagged', subject: 'user:default/joe' });
    const put = async (condition: unknown) =>
      (await portal.send('POST', '/api/access/simulate', { putRoles: [{ name: 'tagged', ...role(condition) }] })).body
        .items;
    const change = { permission: 'catalog.entity.read', before: 'conditional', after: 'conditional' };
    const of = (kinds: string[]) => ({ rule: 'IS_ENTITY_KIND', params: { kinds } });
    expect(await put({ allOf: [of(['Component']), { not: when('public') }] })).toEqual([
      {
        principal: 'user:default/joe',
        gains: [{ ...change, entitiesBefore: 1, entitiesAfter: 1, entities: 1 }],
        loses: [{ ...change, entitiesBefore: 1, entitiesAfter: 1, entities: 1 }],
      },
    ]);
    expect(await put(of(['Component']))).toEqual([
      {
        principal: 'user:default/joe',
        gains: [{ ...change, entitiesBefore: 1, entitiesAfter: 2, entities: 1 }],
        loses: [],
      },
    ]);
    expect(await put({ anyOf: [when('public'), when('nothing-has-it')] })).toEqual([]);
    expect((await portal.send('DELETE', `/api/access/bindings/${made.body.id}`)).status).toBe(204);
    expect((await portal.send('DELETE', '/api/access/roles/tagged')).status).toBe(204);

    // Of a plugin that is not there, the roles say that they are about it.
    const asked = {
      putRoles: [{ name: 'later', permissions: ['plugin.not-here.yet'] }],
      addBindings: [{ role: 'later', subject: 'user:default/joe' }],
    };
    expect((await portal.send('POST', '/api/access/simulate', asked)).body.items).toEqual([
      {
        principal: 'user:default/joe',
        gains: [{ permission: 'plugin.not-here.yet', before: 'deny', after: 'allow' }],
        loses: [],
      },
    ]);
  });
});
