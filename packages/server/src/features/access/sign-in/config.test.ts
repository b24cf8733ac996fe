import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfigFault, loadConfig } from '../../../core/config/index.ts';
import { permissions } from '../policy/permissions.ts';
import { signInConfig, signInSection } from './config.ts';
import { grantsOf } from './external.ts';

let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'callboard-auth-'))));
afterAll(() => rmSync(directory, { recursive: true }));

function read(name: string, text: string) {
  const file = join(directory, name);
  writeFileSync(file, text);
  const loaded = loadConfig({
    file,
    env: { SECRET: 's3cret' },
    sections: [{ owner: 'access', schema: signInSection }],
  });
  return {
    config: signInConfig(loaded.values.access, loaded.placeOf),
    unused: loaded.unusedKeys.map(({ key, reason }) => `${key}: ${reason}`),
    loaded,
  };
}

test('Backstage’s auth becomes sign-in', () => {
  const { config, unused } = read(
    'app-config.yaml',
    `backend:
  baseUrl: https://portal.example.com
  auth:
    externalAccess:
      - type: static
        options: { token: "\${SECRET}-\${SECRET}", subject: ci }
        accessRestrictions:
          - { plugin: catalog, permissionAttribute: { action: read } }
      - type: legacy
        options: { secret: x, subject: old }
      - type: jwks
        options: { url: https://ci.example.com/keys, issuer: https://ci.example.com, algorithm: RS256, audience: [a, b] }
auth:
  environment: production
  session: { secret: x }
  providers:
    guest: {}
    oidc:
      development: { metadataUrl: https://dev.example.com, clientId: dev }
      production:
        metadataUrl: https://login.example.com/.well-known/openid-configuration
        clientId: portal
        clientSecret: \${SECRET}
        prompt: auto
        signIn:
          resolvers:
            - resolver: emailMatchingUserEntityProfileEmail
            - resolver: emailLocalPartMatchingUserEntityName
              allowedDomains: [example.com]
            - resolver: somethingOfYourOwn
    microsoft:
      production: { clientId: m, clientSecret: n, tenantId: t-1 }
    okta:
      production: { clientId: o, clientSecret: p, audience: https://acme.okta.com/, authServerId: default }
    github:
      production: { clientId: g, clientSecret: h, enterpriseInstanceUrl: https://git.example.com }
    gitlab:
      production: { clientId: i, clientSecret: j }
    saml: {}
`,
  );
  expect(config).toMatchObject({ configured: true, guest: true, local: true });
  expect(config.providers).toEqual([
    {
      id: 'oidc',
      title: 'oidc',
      plugin: 'oidc',
      settings: {
        issuer: 'https://login.example.com/.well-known/openid-configuration',
        clientId: 'portal',
        clientSecret: 's3cret',
        prompt: 'auto',
      },
      resolvers: [
        { resolver: 'emailMatchingUserEntityProfileEmail' },
        { resolver: 'emailLocalPartMatchingUserEntityName', allowedDomains: ['example.com'] },
      ],
    },
    {
      id: 'microsoft',
      title: 'microsoft',
      plugin: 'oidc',
      settings: { issuer: 'https://login.microsoftonline.com/t-1/v2.0', clientId: 'm', clientSecret: 'n' },
    },
    {
      id: 'okta',
      title: 'okta',
      plugin: 'oidc',
      settings: { issuer: 'https://acme.okta.com/oauth2/default', clientId: 'o', clientSecret: 'p' },
    },
    {
      id: 'github',
      title: 'github',
      plugin: 'github',
      settings: { url: 'https://git.example.com', clientId: 'g', clientSecret: 'h' },
    },
    {
      id: 'gitlab',
      title: 'gitlab',
      plugin: 'oidc',
      settings: { issuer: 'https://gitlab.com', clientId: 'i', clientSecret: 'j' },
    },
  ]);
  expect(config.externalAccess.map(({ type }) => type)).toEqual(['static', 'jwks']);
  expect(unused.map((line) => line.replace(/:.* (has|belongs)/, ': $1').slice(0, 60))).toEqual([
    expect.stringContaining('backend.auth.externalAccess[1]'),
    expect.stringContaining('auth.session'),
    expect.stringContaining('auth.providers.oidc'),
    expect.stringContaining('auth.providers.saml'),
  ]);
});

test('secrets are shown to nobody who asks for the configuration', () => {
  const { loaded } = read(
    'callboard.yaml',
    'access: { signIn: { providers: [{ id: a, plugin: oidc, settings: { clientSecret: very-secret } }] }, externalAccess: [{ type: static, options: { token: very-secret-too, subject: a } }] }\n',
  );
  expect(JSON.stringify(loaded.explain())).not.toContain('very-secret');
});

test('what cannot work is told with its line', () => {
  const faults = (text: string) => {
    try {
      read('callboard.yaml', text);
    } catch (error) {
      return (error as { faults: ConfigFault[] }).faults.map(
        ({ line, path, message, fix }) => `${line} ${path}: ${message}. ${fix}`,
      );
    }
    return [];
  };
  const provider = 'plugin: oidc, settings: {}';
  expect(
    faults(`access:
  trustedProxies: [10.0.0.0/8, 10.0.0.0/99, '::1/128', 1.2.3.4.5, '::/129', '10.0.0.0/08']
  signIn:
    providers:
      - { id: two, ${provider} }
      - { id: two, ${provider} }
`),
  ).toEqual([
    ...['10.0.0.0/99', '1.2.3.4.5', '::/129'].map(
      (each, index) =>
        `2 access.trustedProxies[${[1, 3, 4][index]}]: ${each} is no address and no network. Write an address such as 10.0.0.7, or a network such as 10.0.0.0/8.`,
    ),
    '6 access.signIn.providers[1].id: there is a provider two already. Give it another id.',
  ]);
  expect(faults('access: { signIn: { local: false, proxy: {} } }\n')).toEqual([
    '1 access.signIn.proxy: no proxy is believed, so that nobody can sign in by one. Write its address into access.trustedProxies.',
  ]);
  expect(faults('access: { trustedProxies: [proxy.example.com], externalAccess: [{ type: legacy }] }\n')).toEqual([
    expect.stringContaining('expected an address or a network, such as 10.0.0.0/8, found "proxy.example.com"'),
    expect.stringContaining('the key "options" is missing'),
    expect.stringContaining('expected static or jwks, found "legacy"'),
  ]);
});

test('restrictions in Backstage’s form become permissions', () => {
  const access = (accessRestrictions?: any[]) =>
    grantsOf({ type: 'static', options: { token: 'x', subject: 'y' }, accessRestrictions } as never);
  expect(access()).toEqual(['*']);
  const all = permissions.map(({ name }) => name).filter((name) => name.startsWith('scaffolder.'));
  expect(access([{ plugin: 'scaffolder' }])).toEqual(all);
  expect(access([{ plugin: 'catalog', permission: 'catalog.entity.create, catalog.entity.read' }]).toSorted()).toEqual([
    'catalog.entity.create',
    'catalog.entity.read',
  ]);
  expect(access([{ plugin: 'catalog', permission: ['scaffolder.task.create'] }])).toEqual([]);
  expect(access([{ plugin: 'catalog', permissionAttribute: { action: ['delete'] } }])).toEqual(
    permissions
      .filter(({ name, action }) => name.startsWith('catalog.') && action === 'delete')
      .map(({ name }) => name),
  );
});
