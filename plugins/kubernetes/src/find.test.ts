import { expect, test } from 'vitest';
import { readConfiguration } from './configuration.ts';
import { buildIndex, find, ownImages, repositoryOf, versionOf } from './find.ts';
import { readKubeconfig } from './kubeconfig.ts';
import type { Item, Raw } from './model.ts';
import { itemOf, resources } from './resources.ts';
import { readSelector } from './selector.ts';
import { component, deployment, pod } from './testing/objects.ts';

const kept = (cluster: string, kind: string, raw: Raw): Item =>
  itemOf(
    cluster,
    resources.find((each) => each.kind === kind)!,
    raw,
  );

const index = buildIndex([
  kept('eu', 'Deployment', deployment('payments', { labels: { 'backstage.io/kubernetes-id': 'pay', tier: 'web' } })),
  kept(
    'us',
    'Deployment',
    deployment('payments', { namespace: 'shop-us', labels: { 'backstage.io/kubernetes-id': 'pay' } }),
  ),
  kept('eu', 'Pod', pod('payments', 'payments-5d9c7b-a')),
  kept(
    'eu',
    'Deployment',
    deployment('mailer', { labels: {}, image: 'registry.example.com:5000/acme/mail-service@sha256:0123456789abcdef' }),
  ),
  kept('eu', 'Deployment', deployment('named', { image: 'docker.io/library/other:1' })),
]);
const names = (annotations: Record<string, string>, name = 'x') => {
  const { items, evidence } = find(index, component(name, annotations) as never);
  return [items.map((item) => `${item.cluster}/${item.kind}/${item.name}`).toSorted(), evidence];
};
const own = 'backstage.io/kubernetes-';

test.each<[string, Record<string, string>, string[], string]>([
  [
    'by id',
    { [`${own}id`]: 'pay' },
    ['eu/Deployment/payments', 'eu/Pod/payments-5d9c7b-a', 'us/Deployment/payments'],
    'the label backstage.io/kubernetes-id=pay, as the entity says',
  ],
  [
    'in a cluster',
    { [`${own}id`]: 'pay', [`${own}cluster`]: 'us' },
    ['us/Deployment/payments'],
    'the label backstage.io/kubernetes-id=pay in the cluster us, as the entity says',
  ],
  [
    'in a namespace',
    { [`${own}id`]: 'pay', [`${own}namespace`]: 'shop-us' },
    ['us/Deployment/payments'],
    'the label backstage.io/kubernetes-id=pay in the namespace shop-us, as the entity says',
  ],
  [
    'by selector before id',
    { [`${own}id`]: 'none', [`${own}label-selector`]: 'tier in (web, api),!canary' },
    ['eu/Deployment/payments', 'eu/Pod/payments-5d9c7b-a'],
    'labels tier in (web, api),!canary, as the entity says',
  ],
  [
    'by the repository',
    { 'github.com/project-slug': 'Acme/Mail-Service' },
    ['eu/Deployment/mailer'],
    'an image named like its repository, acme/mail-service',
  ],
  [
    'by the source',
    { 'backstage.io/source-location': 'url:https://git.example.com/acme/mail-service/tree/main/' },
    ['eu/Deployment/mailer'],
    'an image named like its repository, acme/mail-service',
  ],
])('%s', (_name, annotations, expected, evidence) => {
  expect(names(annotations)).toEqual([expected, [evidence]]);
});

test.each([
  ['pay', 'the label backstage.io/kubernetes-id=pay', 3],
  ['named', 'the label app.kubernetes.io/name=named', 1],
  ['mail-service', 'an image named …/mail-service', 1],
])('%s is found without an annotation', (name, evidence, count) => {
  const [items, why] = names({}, name);
  expect(why).toEqual([evidence]);
  expect(items).toHaveLength(count);
});

test('the version of an entity is that of its own image, not of what stands beside it', () => {
  const [main, beside] = ['ghcr.io/acme/payments:1.2.0', 'mesh/proxy:1.27.1'];
  const item = { images: [beside, main] } as never;
  expect(ownImages(item, 'payments')).toEqual([main]);
  expect(ownImages(item, 'billing')).toEqual([beside, main]);
});

test('an id that no object has finds nothing, not what is named alike', () => {
  expect(names({ [`${own}id`]: 'named-otherwise' }, 'named')).toEqual([[], []]);
});

test.each([
  ['payments', 'payments', 'latest'],
  ['ghcr.io/acme/payments:1.2', 'acme/payments', '1.2'],
  ['localhost:5000/payments', 'payments', 'latest'],
  ['acme/payments@sha256:0123456789abcdef0', 'acme/payments', 'sha256:0123456789ab'],
])('%s is read', (image, repository, version) => {
  expect([repositoryOf(image), versionOf(image)]).toEqual([repository, version]);
});

test.each<[string, Record<string, string>, boolean | undefined]>([
  ['a=b,c!=d', { a: 'b', c: 'e' }, true],
  ['a=b,c!=d', { a: 'b', c: 'd' }, false],
  ['a notin (b, c)', { a: 'c' }, false],
  ['a notin (b, c)', {}, true],
  ['a', {}, false],
  ['!a', { a: '' }, false],
  ['a==b', { a: 'b' }, true],
  ['a=(b', {}, undefined],
  ['!a=b', {}, undefined],
])('the selector %s', (text, labels, expected) => {
  expect(readSelector(text)?.(labels)).toBe(expected);
});

const kubeconfig = (user: string, cluster = 'server: https://eu.example.com:6443') => `
current-context: eu
contexts: [{ name: eu, context: { cluster: eu, user: me } }]
clusters: [{ name: eu, cluster: { ${cluster} } }]
users: [{ name: me, user: { ${user} } }]
`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a kubeconfig gives address, token, authority and certificates', () => {
  const authority = `server: https://eu.example.com:6443, certificate-authority-data: ${base64('-----BEGIN A')}, tls-server-name: eu`;
  expect(readKubeconfig(kubeconfig('token: sesame', authority))).toEqual({
    url: 'https://eu.example.com:6443',
    token: 'sesame',
    tls: { ca: '-----BEGIN A', cert: undefined, key: undefined, serverName: 'eu', insecure: false },
  });
  const certificates = `client-certificate-data: ${base64('C')}, client-key-data: ${base64('K')}`;
  expect(readKubeconfig(kubeconfig(certificates)).tls).toMatchObject({ cert: 'C', key: 'K' });
});

test.each([
  [kubeconfig('exec: { command: aws }'), undefined, 'gets tokens from the program aws'],
  [kubeconfig('client-certificate: /home/me/cert'), undefined, 'names a file for client-certificate'],
  [
    kubeconfig('token: x', 'server: https://a, certificate-authority: /ca'),
    undefined,
    'names a file for the certificate authority',
  ],
  [kubeconfig('token: x'), 'other', 'has no context other'],
  ['a: [', undefined, 'is no YAML'],
  ['a: 1', undefined, 'has no clusters'],
])('a kubeconfig that cannot be used says why (%#)', async (text, context, message) => {
  const { clusters, unusable } = await readConfiguration(
    { clusters: [{ name: 'eu', kubeconfig: text, context }] },
    undefined,
  );
  expect(clusters).toEqual([]);
  expect(unusable[0]!.message).toContain(message);
  expect(unusable[0]!.fix).not.toBe('');
});

test('clusters of Backstage’s key are read; the form counts before them', async () => {
  const settings = {
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            name: 'eu',
            url: 'https://eu.example.com/',
            authProvider: 'serviceAccount',
            serviceAccountToken: 't',
            caData: base64('-----BEGIN A'),
            skipTLSVerify: true,
          },
          { name: 'us', url: 'https://us.example.com', authProvider: 'aws' },
        ],
      },
      { type: 'localKubectlProxy' },
    ],
  };
  const { clusters, unusable } = await readConfiguration({}, settings);
  expect(clusters.map(({ name, url, tls }) => ({ name, url, tls }))).toEqual([
    { name: 'eu', url: 'https://eu.example.com', tls: { ca: '-----BEGIN A', insecure: true } },
    { name: 'local', url: 'http://localhost:8001', tls: { ca: undefined } },
  ]);
  expect(await clusters[0]!.token()).toBe('t');
  expect(unusable).toEqual([
    {
      name: 'us',
      message: 'its authProvider aws is not known here',
      fix: expect.stringContaining('serviceAccountToken'),
    },
  ]);
  const mine = await readConfiguration({ clusters: [{ name: 'eu', url: 'https://mine.example.com' }] }, settings);
  expect(mine.clusters.find(({ name }) => name === 'eu')!.url).toBe('https://mine.example.com');
  const inPod = await readConfiguration({ clusters: [{ name: 'here', inCluster: true }] }, undefined);
  expect(inPod.unusable[0]!.message).toBe('this portal does not run in a pod with a service account');
});
