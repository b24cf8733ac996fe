/** People and groups of LDAP, through the plugin in plugins/ldap: they sign in, and stand in the catalog. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal, type TestPortal } from '../../../testing/portal.ts';
import { directoryServer, type Entries, startDirectory, type TestDirectory } from './testing/directory.ts';

const base = 'dc=example,dc=com';
const people = `ou=people,${base}`;
const groups = `ou=groups,${base}`;
const unit = (name: string) => ({ objectClass: ['top', 'organizationalUnit'], ou: name });
const person = (uid: string, cn: string, more: Record<string, string> = {}) => ({
  objectClass: ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
  uid,
  cn,
  sn: cn,
  userPassword: 'x',
  ...more,
});
const group = (cn: string, ...member: string[]) => ({ objectClass: ['top', 'groupOfNames'], cn, member });
const entries: Entries = {
  [base]: { objectClass: ['top', 'dcObject', 'organization'], dc: 'example', o: 'Example' },
  [people]: unit('people'),
  [`ou=a,${people}`]: unit('a'),
  [`ou=b,${people}`]: unit('b'),
  [groups]: unit('groups'),
  [`uid=jane,${people}`]: person('jane', 'Jane Doe', { mail: 'jane@example.com', userPassword: 'janes own password' }),
  [`uid=twin,ou=a,${people}`]: person('twin', 'One'),
  [`uid=twin,ou=b,${people}`]: person('twin', 'Two'),
  [`cn=portal,${base}`]: {
    objectClass: ['top', 'organizationalRole', 'simpleSecurityObject'],
    cn: 'portal',
    userPassword: 'reads',
  },
  [`cn=Payments,${groups}`]: { ...group('Payments', `uid=jane,${people}`), description: 'Takes the money' },
  [`cn=Finance,${groups}`]: group('Finance', `cn=Payments,${groups}`),
  [`cn=Round,${groups}`]: group('Round', `cn=Finance,${groups}`, `cn=Round,${groups}`),
  [`cn=Others,${groups}`]: group('Others', `uid=twin,ou=a,${people}`),
};

forEachDatabase((_dialect, databases) => {
  let directory: TestDirectory;
  let portal: TestPortal;
  beforeAll(async () => {
    directory = await startDirectory(base, entries);
    const { url } = directory;
    portal = await testPortal({
      place: await databases.place(),
      files: {
        'entities.yaml': ['Payments', 'Finance', 'Company']
          .map(
            (name) =>
              `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: ${name.toLowerCase()} }\nspec: { type: team, children: []${name === 'Finance' ? ', parent: company' : ''} }\n`,
          )
          .join('---\n'),
      },
      config: `
access:
  signIn:
    local: false
    providers:
      - id: company
        title: Company directory
        plugin: ldap
        settings:
          url: ${url}
          bindDn: cn=portal,${base}
          bindPassword: reads
          userBase: ${people}
          groupBase: ${groups}
          groupFilter: (member={dn})
  bindings: [{ role: administrator, to: [signed-in] }]
plugins:
  settings:
    ldap:
      directories:
        - url: ${url}
          bindDn: cn=portal,${base}
          bindPassword: reads
          userBase: ${people}
          groupBase: ${groups}
          namespace: company
catalog:
  locations: [{ type: file, target: ./entities.yaml }]
  rules: [{ allow: [Group, User, Location] }]
`,
    });
  });
  afterAll(async () => {
    await portal.stop();
    await directory.stop();
  });

  const signIn = async (username: string, password: string) => {
    const answer = await fetch(`${portal.url}/api/access/sign-in/company`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: portal.url },
      body: JSON.stringify({ username, password }),
    });
    const [cookie] = answer.headers.getSetCookie();
    const text = await answer.text();
    return { status: answer.status, code: text && JSON.parse(text).error?.code, text, cookie: cookie?.split(';')[0] };
  };

  test(`signs in by a bind, with groups in groups, at ${directoryServer}`, async () => {
    expect((await signIn('jane', 'janes own password')).status).toBe(204);
    const whoIs = async (session: string): Promise<any> =>
      (await fetch(`${portal.url}/api/access/me`, { headers: { cookie: session } })).json();
    // The address leads to the entity that the directory has brought into the catalog.
    await expect
      .poll(async () => (await whoIs((await signIn('jane', 'janes own password')).cookie!)).entityRef, {
        timeout: 20_000,
      })
      .toBe('user:company/jane');
    const me = await whoIs((await signIn('jane', 'janes own password')).cookie!);
    expect(me).toMatchObject({ title: 'Jane Doe', kind: 'user' });
    expect(me.groups).toEqual([
      { entityRef: 'group:company/finance', source: 'catalog' },
      { entityRef: 'group:company/payments', source: 'catalog' },
      { entityRef: 'group:company/round', source: 'catalog' },
      { entityRef: 'group:default/company', source: 'claim' },
      { entityRef: 'group:default/finance', source: 'claim' },
      { entityRef: 'group:default/payments', source: 'claim' },
    ]);
    // What explains a decision knows the groups that the directory has told, and the way to each.
    const { cookie } = await signIn('jane', 'janes own password');
    const explained = await fetch(`${portal.url}/api/access/explain`, {
      method: 'POST',
      headers: { cookie: cookie!, origin: portal.url, 'content-type': 'application/json' },
      body: JSON.stringify({ principal: 'user:company/jane' }),
    });
    const { groups: ways } = (await explained.json()) as { groups: { group: string; path: string[] }[] };
    expect(ways.map(({ group: ref }) => ref).toSorted()).toEqual(me.groups.map((each: any) => each.entityRef));
    expect(ways.find(({ group: ref }) => ref === 'group:default/company')?.path).toEqual([
      'claim:Finance',
      'group:default/finance',
      'group:default/company',
    ]);
    const binds = directory.asked.filter((line) => line.startsWith('bind'));
    const own = binds.indexOf(`bind uid=jane,${people}`);
    expect(binds.slice(own - 1, own + 1)).toEqual([`bind cn=portal,${base}`, `bind uid=jane,${people}`]);
  });

  test('brings its people and groups into the catalog, groups within groups', async () => {
    const { cookie } = await signIn('jane', 'janes own password');
    const get = async (path: string): Promise<any> =>
      (await fetch(portal.url + path, { headers: { cookie: cookie! } })).json();
    const of = (kind: string, name: string) => get(`/api/catalog/entities/by-name/${kind}/company/${name}`);
    await expect.poll(async () => (await of('user', 'jane')).kind).toBe('User');
    expect((await of('user', 'jane')).spec).toEqual({
      profile: { displayName: 'Jane Doe', email: 'jane@example.com' },
      memberOf: ['group:company/Payments'],
    });
    const payments = await of('group', 'payments');
    expect(payments.metadata).toMatchObject({
      name: 'Payments',
      description: 'Takes the money',
      annotations: { 'backstage.io/ldap-dn': `cn=Payments,${groups}`, 'backstage.io/ldap-rdn': 'cn=Payments' },
    });
    const related = (entity: any, type: string) =>
      entity.relations.filter((each: any) => each.type === type).map((each: any) => each.targetRef);
    expect([related(payments, 'childOf'), related(payments, 'hasMember')]).toEqual([
      ['group:company/finance'],
      ['user:company/jane'],
    ]);
    // A group that holds itself does not stand above itself.
    expect((await of('group', 'round')).spec.children).toEqual(['group:company/Finance']);
    const answer = await get('/api/catalog/entities/by-query?filter=metadata.namespace=company&fields=metadata.name');
    expect(answer.items.map((item: any) => item.metadata.name).toSorted()).toEqual([
      'Finance',
      'Others',
      'Payments',
      'Round',
      'jane',
      'twin',
    ]);
    // Two people have one name: the catalog keeps the first and says so.
    const { items } = await get('/api/catalog/problems');
    expect(items.map((item: any) => item.code)).toEqual(['CATALOG_ENTITY_CONFLICT']);
  });

  test('is tried before it is saved', async () => {
    const { cookie } = await signIn('jane', 'janes own password');
    const answer = await fetch(`${portal.url}/api/admin/plugins/ldap/test`, {
      method: 'POST',
      headers: { cookie: cookie!, origin: portal.url, 'content-type': 'application/json' },
      body: JSON.stringify({
        configuration: {
          directories: [
            { url: directory.url, userBase: people, groupBase: groups },
            { url: directory.url, userBase: people, bindDn: `cn=portal,${base}`, bindPassword: 'wrong' },
          ],
        },
      }),
    });
    const { items } = (await answer.json()) as { items: { state: string; message: string }[] };
    expect(items.map(({ state }) => state)).toEqual(['good', 'bad']);
    expect(items[0]!.message).toBe('3 people, 4 groups');
    expect(items[1]!.message).toContain('the directory refuses the account of settings.bindDn');
    expect(JSON.stringify(items)).not.toContain('wrong');
  });

  test('lets nobody in by a wrong, empty or foreign password, or by a name that is a filter', async () => {
    const refused: [string, string][] = [
      ['jane', 'wrong'],
      ['jane', ' '],
      ['nobody', 'wrong'],
      ['*', 'janes own password'],
      ['jane)(uid=*', 'janes own password'],
      ['ja*', 'janes own password'],
      ['twin', 'x'],
    ];
    for (const [name, password] of refused)
      expect([name, await signIn(name, password)]).toMatchObject([
        name,
        { status: 401, code: 'ACCESS_SIGN_IN_FAILED' },
      ]);
    expect((await signIn('jane', '')).status).toBe(400);
    expect(directory.asked.some((line) => /search .*uid=\\2a/i.test(line))).toBe(true);
  });

  test('says that the directory is away, without the words of the far side', async () => {
    await directory.stop();
    const answer = await signIn('jane', 'janes own password');
    expect(answer).toMatchObject({ status: 503, code: 'ACCESS_PROVIDER_FAILED' });
    expect(answer.text).toContain('"Company directory did not sign you in"');
    expect(answer.text).not.toMatch(/ECONN|127\.0\.0\.1|bindDn/);
  });
});
