import type { Host, HostTls } from '@callboard/plugin-api';

type Json = Host['settings'][string];
type Words = Record<string, Json | undefined>;

/** An address with what is shown to it and how it is trusted. */
export type Place = { title: string; url: string; headers: Record<string, string>; tls?: HostTls };
/** A server of metrics with what stands around it. Names are those of `prometheus.io/service-name`. */
export type Server = {
  name: string;
  metrics: Place;
  rules: Place;
  alertmanager?: Place;
  /** Where people open it */
  uiUrl: string;
};
/** A query for a golden signal; `{selector}` and `{window}` are filled in. */
export type OwnSignal = {
  signal: string;
  query: string;
  title?: string;
  unit?: string;
  warnAbove?: number;
  badAbove?: number;
};
export type Settings = { servers: Server[]; signals: OwnSignal[]; objective?: number };

const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: Json | undefined): Words[] =>
  Array.isArray(value) ? value.flatMap((each) => (isWords(each) ? [each] : [])) : [];
const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
const figure = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
/** The address that stands before `/api/…`. */
const base = (url: string): string => url.replace(/\/+$/, '').replace(/\/api\/v[12]$/, '');

function credentials({ token, username, password }: Words): Record<string, string> {
  if (text(token) !== undefined) return { authorization: `Bearer ${text(token)}` };
  if (text(username) === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${text(username)}:${text(password) ?? ''}`).toString('base64')}` };
}

function tlsOf({ certificateAuthority, insecure }: Words): HostTls | undefined {
  const ca = text(certificateAuthority);
  return ca === undefined && insecure !== true ? undefined : { ca, insecure: insecure === true };
}

function serverOf(given: Words): Server | undefined {
  const [url, name] = [text(given.url), text(given.name) ?? 'default'];
  if (url === undefined || !URL.canParse(url)) return undefined;
  const place = (title: string, address: string, headers: Record<string, string>): Place => {
    const tls = tlsOf(given);
    return { title, url: base(address), headers, ...(tls && { tls }) };
  };
  const own = credentials(given);
  // What one host is shown is nobody else's business.
  const shown = (address: string) => (new URL(address).origin === new URL(url).origin ? own : {});
  const alerts = text(given.alertmanagerUrl);
  const rules = text(given.rulesUrl);
  const token = text(given.alertmanagerToken);
  return {
    name,
    metrics: place(name, url, own),
    rules:
      rules !== undefined && URL.canParse(rules)
        ? place(`rules of ${name}`, rules, shown(rules))
        : place(name, url, own),
    ...(alerts !== undefined &&
      URL.canParse(alerts) && {
        alertmanager: place(
          `Alertmanager of ${name}`,
          alerts,
          token === undefined ? shown(alerts) : { authorization: `Bearer ${token}` },
        ),
      }),
    uiUrl: base(text(given.uiUrl) ?? url),
  };
}

/** Servers as Backstage's `prometheus` and `proxy` describe them. */
function backstageServers(settings: Host['settings']): Server[] {
  const { prometheus, proxy } = settings;
  if (!isWords(prometheus) || !isWords(proxy)) return [];
  const endpoints = isWords(proxy.endpoints) ? proxy.endpoints : proxy;
  const found = new Map(Object.entries(endpoints).map(([path, target]) => [path.replace(/^\//, ''), target]));
  const instances = [{ proxyPath: '/prometheus/api', ...prometheus, name: 'default' }, ...list(prometheus.instances)];
  return instances.flatMap((instance: Words) => {
    const endpoint = found.get((text(instance.proxyPath) ?? '').replace(/^\//, ''));
    const target = isWords(endpoint) ? text(endpoint.target) : text(endpoint ?? null);
    if (target === undefined) return [];
    const server = serverOf({ name: instance.name, url: target, uiUrl: instance.uiUrl });
    const headers = isWords(endpoint) && isWords(endpoint.headers) ? Object.entries(endpoint.headers) : [];
    for (const [key, value] of headers)
      if (server && typeof value === 'string') server.metrics.headers[key.toLowerCase()] = value;
    return server ? [{ ...server, rules: server.metrics }] : [];
  });
}

/** The servers, signals and objective of the form and of the file; of two servers with one name the form's counts. */
export function settingsOf(configuration: Host['configuration'], settings: Host['settings']): Settings {
  const own = list(configuration.servers).flatMap((given) => serverOf(given) ?? []);
  const others = backstageServers(settings).filter(({ name }) => !own.some((server) => server.name === name));
  const signals = list(configuration.signals).flatMap((given) => {
    const [signal, query] = [text(given.signal), text(given.query)];
    if (signal === undefined || query === undefined) return [];
    const { title, unit, warnAbove, badAbove } = given;
    return [
      { signal, query, title: text(title), unit: text(unit), warnAbove: figure(warnAbove), badAbove: figure(badAbove) },
    ];
  });
  return { servers: [...own, ...others], signals, objective: figure(configuration.objective) };
}
