import type { ConnectionResult, Host } from '@callboard/plugin-api';
import { type Api, type ApiFault, createApi } from './api.ts';
import type { Cluster, Configuration } from './configuration.ts';
import { customResource, pathOf, type Resource, resources } from './resources.ts';

type Right = { group: string; resource: string; subresource?: string; verb: string; namespace?: string };

const wordsOf = ({ group, resource, subresource, verb }: Right) =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;

/** Asks for so many rights at once. */
const rightsAtOnce = 5;

/** The rights that the account has not, as the API server says. */
async function lacking(api: Api, rights: Right[], signal: AbortSignal): Promise<Right[]> {
  const missing = new Set<Right>();
  const left = [...rights];
  const ask = async () => {
    for (let right = left.shift(); right !== undefined; right = left.shift()) {
      const answer = await api.send(
        'POST',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: right } },
        signal,
      );
      if (answer.status?.allowed !== true) missing.add(right);
    }
  };
  await Promise.all(Array.from({ length: rightsAtOnce }, ask));
  return rights.filter((right) => missing.has(right));
}

const places = ({ namespaces }: Cluster): (string | undefined)[] => (namespaces.length > 0 ? namespaces : [undefined]);

const rightsFor = (cluster: Cluster, followed: readonly Resource[], verbs: string[]): Right[] =>
  places(cluster).flatMap((namespace) =>
    followed.flatMap(({ versions, plural }) =>
      verbs.map((verb) => ({ group: versions[0]!.group, resource: plural, verb, namespace })),
    ),
  );

async function testCluster(host: Host, cluster: Cluster, signal: AbortSignal): Promise<ConnectionResult[]> {
  const { title } = cluster;
  const api = createApi(host, cluster);
  const bad = (what: string, error: unknown): ConnectionResult => {
    const { message, fix } = error as ApiFault;
    return { title: `${title}: ${what}`, state: 'bad', message, ...(fix !== undefined && { fix }) };
  };
  const items: ConnectionResult[] = [];
  try {
    const { gitVersion } = await api.get('/version', { signal, timeoutMs: 8_000 });
    if (typeof gitVersion !== 'string')
      return [
        {
          title: `${title}: network`,
          state: 'bad',
          message: `${cluster.url} answers with something that is no Kubernetes API`,
          fix: 'Check the address; a proxy or a sign-in page may answer in place of the API server.',
        },
      ];
    items.push({
      title: `${title}: network`,
      state: 'good',
      message: `Kubernetes ${gitVersion} answers at ${cluster.url}`,
    });
  } catch (error) {
    const { status } = error as ApiFault;
    if (status === 401) return [bad('token', error)];
    if (status === 404)
      return [
        {
          title: `${title}: network`,
          state: 'bad',
          message: `There is no Kubernetes API at ${cluster.url}: it has no /version`,
          fix: 'Check the address, and the path in it where a proxy serves several clusters.',
        },
      ];
    // Some clusters tell their version to nobody; what counts is what may be read.
    if (status !== 403) return [bad('network', error)];
  }
  if (cluster.tls.insecure)
    items.push({
      title: `${title}: certificate`,
      state: 'warning',
      message: 'Any certificate is accepted: whoever stands between can read the token.',
      fix: 'Give the authority of the cluster in caData and take insecure away.',
    });
  if ((await cluster.token()) === undefined && cluster.tls.cert === undefined)
    items.push({
      title: `${title}: token`,
      state: 'warning',
      message: 'There is no token: the portal asks as nobody in particular.',
      fix: 'Make a service account, bind the role of the README to it, and set its token.',
    });
  try {
    const reads = rightsFor(cluster, resources, ['list', 'watch']);
    const missing = await lacking(api, reads, signal);
    items.push(
      missing.length === 0
        ? { title: `${title}: reading`, state: 'good', message: `All of ${resources.length} kinds may be read.` }
        : {
            title: `${title}: reading`,
            state: missing.length === reads.length ? 'bad' : 'warning',
            message: `Missing rights: ${[...new Set(missing.map(wordsOf))].join(', ')}.`,
            fix: 'Add them to the role of the account; the README of the plugin has the whole role. What may be read is shown.',
          },
    );
    const custom = cluster.customResources.map(customResource);
    for (const { versions, plural, kind } of custom) {
      const [version] = versions;
      const at = places(cluster).map((namespace) => `${pathOf(version!, plural, namespace)}?limit=1`);
      try {
        await Promise.all(at.map((path) => api.get(path, { signal, timeoutMs: 8_000 })));
        items.push({ title: `${title}: ${kind}`, state: 'good', message: 'It can be read.' });
      } catch (error) {
        if ((error as ApiFault).status === 404)
          items.push({
            title: `${title}: ${kind}`,
            state: 'warning',
            message: `The cluster has no ${kind} in version ${version!.version}.`,
            fix: 'Check group, version and plural, or leave it to the clusters that have it.',
          });
        else items.push(bad(kind, error));
      }
    }
    const [logs, operating] = await Promise.all([
      lacking(
        api,
        places(cluster).map((namespace) => ({
          group: '',
          resource: 'pods',
          subresource: 'log',
          verb: 'get',
          namespace,
        })),
        signal,
      ),
      lacking(
        api,
        places(cluster).flatMap((namespace) => [
          ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
            group: 'apps',
            resource,
            verb: 'patch',
            namespace,
          })),
          ...['deployments', 'statefulsets'].map((resource) => ({
            group: 'apps',
            resource,
            subresource: 'scale',
            verb: 'patch',
            namespace,
          })),
        ]),
        signal,
      ),
    ]);
    items.push({
      title: `${title}: logs`,
      state: logs.length === 0 ? 'good' : 'warning',
      message: logs.length === 0 ? 'Logs may be read.' : 'Logs may not be read: get pods/log is missing.',
      ...(logs.length > 0 && { fix: 'Add it to the role, if people shall see logs here.' }),
    });
    items.push({
      title: `${title}: restart and scale`,
      state: operating.length === 0 ? 'good' : 'warning',
      message:
        operating.length === 0
          ? 'Workloads may be restarted and scaled.'
          : `Reading only: ${[...new Set(operating.map(wordsOf))].join(', ')} missing.`,
      ...(operating.length > 0 && { fix: 'Leave it so, or bind the second role of the README.' }),
    });
  } catch (error) {
    const what = (error as ApiFault).status === 401 ? 'token' : 'rights';
    items.push(bad(what, error));
  }
  return items;
}

/** Looks at each cluster: the network, the certificate, the token, and every right. */
export async function testConnections(
  host: Host,
  { clusters, unusable }: Configuration,
  signal: AbortSignal,
): Promise<ConnectionResult[]> {
  const tested = await Promise.all(clusters.map((cluster) => testCluster(host, cluster, signal)));
  return [
    ...unusable.map(({ name, message, fix }) => ({
      title: `${name}: configuration`,
      state: 'bad' as const,
      message,
      fix,
    })),
    ...tested.flat(),
  ];
}
