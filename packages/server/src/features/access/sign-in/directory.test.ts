/** Signing in with LDAP, through the plugin in plugins/ldap, against the LDAP server of npm's `ldapjs`: slapd is not on every machine. */
import ldap from 'ldapjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { testPortal, type TestPortal } from '../../../testing/portal.ts';

type Attributes = Record<string, string | string[]>;
const base = 'dc=example,dc=com';
const people = `ou=people,${base}`;
const groups = `ou=groups,${base}`;
const entries: Record<string, Attributes> = {
  [`uid=jane,${people}`]: {
    objectClass: 'person',
    uid: 'jane',
    cn: 'Jane Doe',
    mail: 'jane@example.com',
    entryUUID: 'u-1',
    userPassword: 'janes own password',
  },
  [`uid=twin,ou=a,${people}`]: { objectClass: 'person', uid: 'twin', cn: 'One', userPassword: 'x' },
  [`uid=twin,ou=b,${people}`]: { objectClass: 'person', uid: 'twin', cn: 'Two', userPassword: 'x' },
  [`cn=portal,${base}`]: { objectClass: 'account', cn: 'portal', userPassword: 'reads' },
  [`cn=Payments,${groups}`]: { objectClass: 'group', cn: 'Payments', member: [`uid=jane,${people}`] },
  [`cn=Finance,${groups}`]: { objectClass: 'group', cn: 'Finance', member: [`cn=Payments,${groups}`] },
  [`cn=Round,${groups}`]: { objectClass: 'group', cn: 'Round', member: [`cn=Finance,${groups}`, `cn=Round,${groups}`] },
  [`cn=Others,${groups}`]: { objectClass: 'group', cn: 'Others', member: [`uid=twin,ou=a,${people}`] },
};

/** A directory that answers binds and searches as RFC 4511 says, and remembers what it was asked. */
function createDirectory() {
  const asked: string[] = [];
  const server = ldap.createServer();
  const plain = (dn: string) => dn.replaceAll(/\s*,\s*/g, ',').toLowerCase();
  const find = (dn: string) => Object.entries(entries).find(([key]) => plain(key) === plain(dn));
  server.bind('', (request: any, response: any, next: any) => {
    const dn = String(request.dn);
    asked.push(`bind ${dn}`);
    // As RFC 4513 says: a name without a password is nobody, and that succeeds.
    if (request.credentials === '') return (response.end(), next());
    if (find(dn)?.[1]['userPassword'] !== request.credentials) return next(new ldap.InvalidCredentialsError());
    response.end();
    return next();
  });
  server.search(base, (request: any, response: any, next: any) => {
    asked.push(`search ${String(request.filter)}`);
    for (const [dn, attributes] of Object.entries(entries)) {
      if (!plain(dn).endsWith(plain(String(request.dn)))) continue;
      const { userPassword: _secret, ...shown } = attributes;
      if (request.filter.matches(shown)) response.send({ dn, attributes: shown });
    }
    response.end();
    return next();
  });
  return {
    asked,
    listen: () =>
      new Promise<string>((go) => server.listen(0, '127.0.0.1', () => go(`ldap://127.0.0.1:${server.port}`))),
    stop: () => new Promise<void>((go) => server.close(() => go())),
  };
}

forEachDatabase((_dialect, databases) => {
  const directory = createDirectory();
  let portal: TestPortal;
  beforeAll(async () => {
    const url = await directory.listen();
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
catalog:
  locations: [{ type: file, target: ./entities.yaml }]
  rules: [{ allow: [Group, User] }]
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
    return { status: answer.status, code: text && JSON.parse(text).error?.code, cookie: cookie?.split(';')[0] };
  };

  test('signs in by a bind, with groups in groups', async () => {
    const { status, cookie } = await signIn('jane', 'janes own password');
    expect(status).toBe(204);
    const answer = await fetch(`${portal.url}/api/access/me`, { headers: { cookie: cookie! } });
    const me = (await answer.json()) as { groups: unknown };
    expect(me).toMatchObject({ entityRef: 'user:personal/jane', title: 'Jane Doe', kind: 'user' });
    expect(me.groups).toEqual([
      { entityRef: 'group:default/company', source: 'claim' },
      { entityRef: 'group:default/finance', source: 'claim' },
      { entityRef: 'group:default/payments', source: 'claim' },
    ]);
    const hosts = directory.asked.filter((line) => line.startsWith('bind')).slice(0, 2);
    expect(hosts).toEqual([`bind cn=portal,${base}`, `bind uid=jane,${people}`]);
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
    expect(directory.asked.some((line) => /search .*uid=\\2a/.test(line))).toBe(true);
  });

  test('says that the directory is away, without the words of the far side', async () => {
    await directory.stop();
    const answer = await signIn('jane', 'janes own password');
    expect(answer).toMatchObject({ status: 503, code: 'ACCESS_PROVIDER_FAILED' });
  });
});
