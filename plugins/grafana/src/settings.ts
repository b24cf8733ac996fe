import type { Host, HostTls } from '@callboard/plugin-api';

type Json = Host['settings'][string];
type Words = Record<string, Json | undefined>;

/** An instance of Grafana. */
export type Instance = {
  id: string;
  url: string;
  headers: Record<string, string>;
  tls?: HostTls;
  /** Where people open it */
  domain: string;
};

const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: Json | undefined): Words[] =>
  Array.isArray(value) ? value.flatMap((each) => (isWords(each) ? [each] : [])) : [];
const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const base = (url: string): string => url.replace(/\/+$/, '');

function instanceOf(given: Words): Instance | undefined {
  const url = text(given.url);
  if (url === undefined || !URL.canParse(url)) return undefined;
  const [token, ca] = [text(given.token), text(given.certificateAuthority)];
  return {
    id: text(given.id) ?? 'default',
    url: base(url),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...((ca !== undefined || given.insecure === true) && { tls: { ca, insecure: given.insecure === true } }),
    domain: base(text(given.domain) ?? url),
  };
}

/** Instances as Backstage's `grafana` and `proxy` describe them. */
function backstageInstances({ grafana, proxy }: Host['settings']): Instance[] {
  if (!isWords(grafana)) return [];
  const endpoints = isWords(proxy) ? (isWords(proxy.endpoints) ? proxy.endpoints : proxy) : {};
  const found = new Map(Object.entries(endpoints).map(([path, target]) => [path.replace(/^\//, ''), target]));
  const hosts = list(grafana.hosts);
  return (hosts.length > 0 ? hosts : [{ ...grafana, id: 'default' } as Words]).flatMap((given) => {
    const endpoint = found.get((text(given.proxyPath) ?? '/grafana/api').replace(/^\//, ''));
    const target = isWords(endpoint) ? text(endpoint.target) : text(endpoint ?? null);
    const instance = instanceOf({ id: given.id, url: target ?? given.domain, domain: given.domain });
    const headers = isWords(endpoint) && isWords(endpoint.headers) ? Object.entries(endpoint.headers) : [];
    for (const [key, value] of headers)
      if (instance && typeof value === 'string') instance.headers[key.toLowerCase()] = value;
    return instance ? [instance] : [];
  });
}

/** The instances of the form and of the file; of two with one name the form's counts. */
export function instancesOf(configuration: Host['configuration'], settings: Host['settings']): Instance[] {
  const own = list(configuration.hosts).flatMap((given) => instanceOf(given) ?? []);
  return [...own, ...backstageInstances(settings).filter(({ id }) => !own.some((instance) => instance.id === id))];
}
