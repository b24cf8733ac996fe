/** What a real cluster is given before the tests: the roles of the README, accounts with and without them, custom kinds, and a shop. */
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { Raw } from '../model.ts';
import type { Admin } from './cluster.ts';

const plurals: Record<string, string> = {
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
};

const addressOf = ({ apiVersion, kind, metadata }: Raw): string =>
  `${apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`}${metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`}/${plurals[kind]}`;

/** The least rights, as the README tells people to make them. */
async function rolesOfReadme(): Promise<Raw[]> {
  const text = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, block = ''] = /## Least rights[\s\S]*?```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  return parseAllDocuments(block).map((document) => document.toJS() as Raw);
}

const rbac = 'rbac.authorization.k8s.io';
const namespace = 'callboard';
const binding = (account: string, role: string): Raw => ({
  apiVersion: `${rbac}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: `${account}-${role}` },
  roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
});
const account = (name: string): Raw[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  },
];

export const customKinds = [
  { group: 'argoproj.io', version: 'v1alpha1', plural: 'applications', kind: 'Application' },
  { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', kind: 'Rollout' },
  { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', plural: 'kustomizations', kind: 'Kustomization' },
];

/** Custom kinds with a subresource `status`, as those of Argo and Flux have it. */
export async function defineCustomKinds(admin: Admin): Promise<void> {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const { group, version, plural, kind } of customKinds) {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await admin.make(definitions, {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
      },
    });
    await admin.until(`${definitions}/${plural}.${group}`, ({ status }) =>
      status?.conditions?.some(({ type, status: is }: Raw) => type === 'Established' && is === 'True'),
    );
  }
}

/** Makes accounts; gives their tokens by name: one that may read, one that may operate as well, one with a part of the rights, one with none. */
export async function prepare(admin: Admin): Promise<Record<string, string>> {
  for (const name of [namespace, 'shop']) await admin.make('/api/v1/namespaces', { metadata: { name } });
  const read = { apiGroups: customKinds.map(({ group }) => group), resources: ['*'], verbs: ['list', 'watch'] };
  const objects = [
    ...(await rolesOfReadme()),
    ...['operator', 'partial', 'stranger'].flatMap(account),
    binding('operator', 'callboard-read'),
    binding('operator', 'callboard-operate'),
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'deployments-only' },
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] }],
    },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name: 'custom-kinds' }, rules: [read] },
    binding('partial', 'deployments-only'),
    binding('callboard', 'custom-kinds'),
  ];
  for (const each of objects) await admin.make(addressOf(each), each);
  const tokens: Record<string, string> = {};
  for (const name of ['callboard', 'operator', 'partial', 'stranger']) {
    const { data } = await admin.until(`/api/v1/namespaces/${namespace}/secrets/${name}`, (secret) =>
      Boolean(secret.data?.token),
    );
    tokens[name] = Buffer.from(data.token, 'base64').toString('utf8');
  }
  return tokens;
}
