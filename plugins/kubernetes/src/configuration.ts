import { readFile } from 'node:fs/promises';
import type { HostTls } from '@callboard/plugin-api';
import { readKubeconfig } from './kubeconfig.ts';
import type { Raw } from './model.ts';
import type { CustomResource } from './resources.ts';

/** A cluster as it is configured. */
export type Cluster = {
  name: string;
  title: string;
  /** What its versions are shown under: production */
  environment?: string;
  url: string;
  tls: HostTls;
  /** Asked for each call: those of a service account within the cluster are renewed on the disk */
  token(): Promise<string | undefined>;
  /** Only these are read; all when empty */
  namespaces: string[];
  customResources: CustomResource[];
  dashboardUrl?: string;
};

/** A configured cluster that cannot be used, and why. */
export type Unusable = { name: string; message: string; fix: string };

export type Configuration = {
  clusters: Cluster[];
  unusable: Unusable[];
  catalog: { workloads?: string; clusters: boolean; owner: string };
};

const inside = '/var/run/secrets/kubernetes.io/serviceaccount';
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const list = (value: unknown): Raw[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.flatMap((each) => text(each) ?? []) : []);

/** Backstage calls the version of a custom resource `apiVersion`. */
const customOf = (value: unknown): CustomResource[] =>
  list(value).flatMap((each) => {
    const [group, version, plural] = [text(each.group), text(each.version) ?? text(each.apiVersion), text(each.plural)];
    return group && version && plural ? [{ group, version, plural }] : [];
  });

/** A certificate as PEM, or as Base64 of that, as kubeconfigs have it. */
const certificate = (value: unknown): string | undefined => {
  const given = text(value);
  return given === undefined || given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64').toString('utf8');
};

const refuse = (message: string, fix: string) => Object.assign(new Error(message), { fix });

async function ofPod(): Promise<Pick<Cluster, 'url' | 'tls' | 'token'>> {
  const read = (file: string) => readFile(`${inside}/${file}`, 'utf8');
  const ca = await read('ca.crt').catch(() => {
    throw refuse(
      'this portal does not run in a pod with a service account',
      'Give address and token, or a kubeconfig; or set serviceAccountName in the portal’s pod.',
    );
  });
  // A portal in a cluster always finds its API server by this name, which is in the server's certificate.
  return { url: 'https://kubernetes.default.svc', tls: { ca }, token: async () => (await read('token')).trim() };
}

async function accessOf(given: Raw): Promise<Pick<Cluster, 'url' | 'tls' | 'token'>> {
  if (given.inCluster === true) return ofPod();
  const kubeconfig = text(given.kubeconfig);
  const read = kubeconfig === undefined ? undefined : readKubeconfig(kubeconfig, text(given.context));
  const url = text(given.url) ?? read?.url;
  if (url === undefined)
    throw refuse('it has no address', 'Give the address of the API server, or a kubeconfig, or set inCluster.');
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw refuse(`'${url}' is no address`, 'Write it as `kubectl cluster-info` shows it: https://host:6443.');
  const caFile = text(given.caFile);
  const ca =
    certificate(given.caData ?? given.ca) ??
    (caFile === undefined
      ? read?.tls.ca
      : await readFile(caFile, 'utf8').catch(() => {
          throw refuse(
            `the file ${caFile} cannot be read`,
            'Put the certificate of the authority there, or into caData.',
          );
        }));
  const token = text(given.token ?? given.serviceAccountToken) ?? read?.token;
  return {
    url: url.replace(/\/+$/, ''),
    tls: { ...read?.tls, ca, ...((given.insecure ?? given.skipTLSVerify) === true && { insecure: true }) },
    token: async () => token?.trim(),
  };
}

/** Ways of Backstage to sign in that need a library of a cloud. */
const clouds = new Set(['aws', 'aks', 'azure', 'google', 'googleServiceAccount', 'oidc']);

async function clusterOf(given: Raw, shared: CustomResource[]): Promise<Cluster | Unusable> {
  const name = text(given.name) ?? text(given.url) ?? 'cluster';
  try {
    const provider = text(given.authProvider) ?? text(given.authMetadata?.['kubernetes.io/auth-provider']);
    if (provider !== undefined && clouds.has(provider) && !(text(given.serviceAccountToken) ?? text(given.token)))
      throw refuse(
        `its authProvider ${provider} is not known here`,
        'Make a service account for the portal and set serviceAccountToken.',
      );
    const own = customOf(given.customResources);
    return {
      name,
      title: text(given.title) ?? name,
      environment: text(given.environment),
      namespaces: texts(given.namespaces),
      // As in Backstage, those of a cluster stand in place of the common ones.
      customResources: own.length > 0 ? own : shared,
      dashboardUrl: text(given.dashboardUrl),
      ...(await accessOf(given)),
    };
  } catch (error) {
    const { message, fix = 'Look at the configuration of this cluster.' } = error as Error & { fix?: string };
    return { name, message, fix };
  }
}

/** What Backstage's `kubernetes.clusterLocatorMethods` names: clusters as they stand there, and what is not read. */
function ofBackstage(settings: Raw | undefined): { given: Raw[]; unusable: Unusable[] } {
  const methods = list(settings?.clusterLocatorMethods);
  const given = methods.flatMap(({ type, clusters }) =>
    type === 'config'
      ? list(clusters)
      : type === 'localKubectlProxy'
        ? [{ name: 'local', url: 'http://localhost:8001' }]
        : [],
  );
  const unusable = methods
    .filter(({ type }) => type !== 'config' && type !== 'localKubectlProxy')
    .map(({ type }) => ({
      name: `clusterLocatorMethods: ${String(type)}`,
      message: 'this way to find clusters is not known here',
      fix: 'Name the clusters under a method of type config, or in the form.',
    }));
  return { given, unusable };
}

/**
 * The clusters of the plugin's own configuration and of Backstage's key; where both have a name, the plugin's own counts.
 *
 * @param configuration - of the plugin
 * @param settings - the key `kubernetes` of the portal's configuration
 */
export async function readConfiguration(configuration: Raw, settings: Raw | undefined): Promise<Configuration> {
  const shared = customOf(configuration.customResources);
  const backstage = ofBackstage(settings);
  const named = new Map<string, Cluster | Unusable>();
  for (const each of backstage.given) {
    const cluster = await clusterOf(each, [...shared, ...customOf(settings?.customResources)]);
    named.set(cluster.name, cluster);
  }
  for (const each of list(configuration.clusters)) {
    const cluster = await clusterOf(each, shared);
    named.set(cluster.name, cluster);
  }
  const all = [...named.values()];
  const catalog: Raw = configuration.catalog ?? {};
  return {
    clusters: all.filter((each): each is Cluster => 'url' in each),
    unusable: [...backstage.unusable, ...all.filter((each): each is Unusable => !('url' in each))],
    catalog: {
      workloads: text(catalog.workloads),
      clusters: catalog.clusters === true,
      owner: text(catalog.owner) ?? 'unknown',
    },
  };
}
