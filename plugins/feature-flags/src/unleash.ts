/** The admin API of Unleash, in the words of OpenFeature: a provider has flags, which are evaluated in environments. */
import type { ConnectionResult, Host, HostResponse, HostTls } from '@callboard/plugin-api';
import { connectionLine } from '@callboard/plugin-api/connections';

export type Provider = { name: string; address: string; token: string; tls?: HostTls };
/** How a flag stands in an environment. */
export type State = {
  environment: string;
  enabled: boolean;
  /** Whether anything says for whom it is on; without, it evaluates to false for everybody */
  targeted: boolean;
  variants: number;
  /** Epoch milliseconds */
  evaluatedAt?: number;
};
export type Flag = {
  key: string;
  type: string;
  project: string;
  description?: string;
  /** Epoch milliseconds */
  createdAt?: number;
  createdBy?: string;
  /** Somebody, or the age of its type, marked it */
  stale: boolean;
  /** `type:value` */
  tags: string[];
  states: State[];
  href: string;
};
/** All flags of a provider, and how many days flags of a type are meant to live. */
export type Flags = { flags: Flag[]; lifetimes: Record<string, number>; isCut: boolean };

type Data = Record<string, unknown>;
const record = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
const list = (value: unknown): Data[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown, most = 300): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;
const time = (value: unknown): number | undefined => {
  const found = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(found) ? undefined : found;
};

const pageSize = 100;
const mostPages = 50;
const timeoutMs = 8_000;
const rights = 'Use a token of a person or service account with the role Viewer; client tokens may not read flags.';

/** The providers of the form, then `unleash` of the configuration file if the form does not name it. */
export function providersOf(configuration: Data, settings: Data): Provider[] {
  const { url, apiToken } = record(settings['unleash']);
  const given = [...list(configuration['providers']), { address: url, token: apiToken, ca: undefined }];
  const found = given.flatMap(({ address, token, ca }) => {
    const stated = text(address, 2000)
      ?.replace(/\/+$/, '')
      .replace(/\/api$/, '');
    const secret = text(token, 2000);
    if (stated === undefined || secret === undefined || !URL.canParse(stated)) return [];
    const tls = text(ca, 20_000);
    return [
      { name: new URL(stated).host, address: stated, token: secret, ...(tls !== undefined && { tls: { ca: tls } }) },
    ];
  });
  return found.filter((each, index) => found.findIndex(({ address }) => address === each.address) === index);
}

function flagOf(provider: Provider, given: Data): Flag | undefined {
  const [key, project] = [text(given['name'], 200), text(given['project'], 200) ?? 'default'];
  if (key === undefined) return undefined;
  const description = text(given['description']);
  const createdAt = time(given['createdAt']);
  const createdBy = text(record(given['createdBy'])['name']);
  return {
    key,
    project,
    type: text(given['type'], 60) ?? 'release',
    stale: given['stale'] === true,
    ...(description !== undefined && { description }),
    ...(createdAt !== undefined && { createdAt }),
    ...(createdBy !== undefined && { createdBy }),
    tags: list(given['tags']).map((tag) => `${text(tag['type']) ?? 'simple'}:${text(tag['value']) ?? ''}`),
    states: list(given['environments']).flatMap((each) => {
      const environment = text(each['name'], 100);
      if (environment === undefined) return [];
      const evaluatedAt = time(each['lastSeenAt']);
      const enabled = each['enabled'] === true;
      // Versions that do not tell of strategies are not judged by them.
      const targeted = (each['hasEnabledStrategies'] ?? each['hasStrategies'] ?? true) === true;
      const variants = Number(each['variantCount'] ?? 0) || 0;
      return [{ environment, enabled, targeted, variants, ...(evaluatedAt !== undefined && { evaluatedAt }) }];
    }),
    href: `${provider.address}/projects/${encodeURIComponent(project)}/features/${encodeURIComponent(key)}`,
  };
}

function faultOf({ name }: Provider, answer: HostResponse): Error & { fix: string } {
  const { status } = answer;
  const [message, fix] = {
    401: [`${name} does not take the token`, rights],
    403: [`the token may not read flags at ${name}`, rights],
    404: [
      `${name} has no search of flags: it is no Unleash, or one older than 5.12`,
      'Check the address and the version.',
    ],
    429: [`${name} takes no more calls for now`, 'Wait; the portal asks again by itself.'],
  }[status] ?? [`${name} answered ${status}`, 'Look at Unleash; the portal asks again by itself.'];
  return Object.assign(new Error(message), { fix: fix! });
}

/** Asks providers. */
export function createUnleash(host: Host) {
  async function ask(provider: Provider, path: string, signal?: AbortSignal): Promise<Data> {
    const answer = await host.fetch(`${provider.address}/api/admin/${path}`, {
      headers: { accept: 'application/json', authorization: provider.token },
      tls: provider.tls,
      maxBytes: 8 * 1024 * 1024,
      timeoutMs,
      signal,
    });
    if (!answer.ok) throw faultOf(provider, answer);
    try {
      return record(answer.json());
    } catch {
      throw Object.assign(new Error(`${provider.name} answered something that is not JSON`), {
        fix: 'Check the address, and that no sign-in page stands before it.',
      });
    }
  }
  async function page(provider: Provider, number: number, size: number, signal?: AbortSignal) {
    const answer = await ask(
      provider,
      `search/features?archived=IS%3Afalse&limit=${size}&offset=${number * size}`,
      signal,
    );
    if (!Array.isArray(answer['features']))
      throw Object.assign(new Error(`${provider.name} answered in a shape that is not known`), {
        fix: 'Check the address and the version.',
      });
    return { features: list(answer['features']), total: Number(answer['total'] ?? 0) || 0 };
  }

  return {
    async flags(provider: Provider): Promise<Flags> {
      const types = await ask(provider, 'feature-types');
      const lifetimes = Object.fromEntries(
        list(types['types']).flatMap(({ id, lifetimeDays }) =>
          typeof id === 'string' && typeof lifetimeDays === 'number' ? [[id, lifetimeDays] as const] : [],
        ),
      );
      const found: Data[] = [];
      for (let number = 0; number < mostPages; number += 1) {
        const { features } = await page(provider, number, pageSize);
        found.push(...features);
        if (features.length < pageSize) break;
      }
      return {
        flags: found.flatMap((each) => flagOf(provider, each) ?? []),
        lifetimes,
        isCut: found.length === pageSize * mostPages,
      };
    },
    async test(provider: Provider, signal?: AbortSignal): Promise<ConnectionResult> {
      const title = provider.name;
      try {
        const { total } = await page(provider, 0, 1, signal);
        await ask(provider, 'feature-types', signal);
        return { title, state: 'good', message: `It answers and takes the token: ${total} flags can be read.` };
      } catch (error) {
        const {
          message,
          code,
          fix = 'Check the address and the network.',
        } = error as Error & {
          code?: string;
          fix?: string;
        };
        if (code?.startsWith('OUTBOUND_')) return connectionLine(title, () => Promise.reject(error));
        return { title, state: 'bad', message: message.slice(0, 1000), fix };
      }
    },
  };
}
