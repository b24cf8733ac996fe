import type { Host, HostResponse } from '@callboard/plugin-api';
import type { GiteaHost } from './settings.ts';

/** One thing of an answer; what is read of it is checked where it is read. */
export type Thing = Record<string, any>;

/** How to call. Statuses in `allow` are answers; all others that are no success become errors. */
export type Call = {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  allow?: number[];
  /** Somebody's own, in place of the host's */
  token?: string;
  maxBytes?: number;
  signal?: AbortSignal;
};

/** Calls Gitea's API. */
export type Api = {
  call(at: GiteaHost, path: string, options?: Call): Promise<HostResponse>;
  get(at: GiteaHost, path: string, options?: Call): Promise<any>;
  /** The thing, or undefined where there is none, or with a status in `allow` */
  find(at: GiteaHost, path: string, options?: Call): Promise<Thing | undefined>;
  /** Everything of a list, page by page */
  all(at: GiteaHost, path: string, options?: Call): Promise<Thing[]>;
};

/** A part of an address. */
export const encoded = (value: string | number): string => encodeURIComponent(String(value));
/** A path, part by part. */
export const encodedPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** An error with a code by which others know what it is. */
export const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** @throws Error when it is no JSON, as from a sign-in page or a proxy */
export function jsonOf(at: GiteaHost, answer: HostResponse): any {
  try {
    return answer.json();
  } catch {
    throw failure('NONSENSE', `${at.host} answered something that is no JSON: is ${at.api} the address of its API?`);
  }
}

function refusal(at: GiteaHost, answer: HostResponse, what: string): Error {
  let words = '';
  try {
    const { message } = answer.json() as Thing;
    words = typeof message === 'string' ? message.slice(0, 300) : '';
  } catch {
    // What is no JSON says nothing to anybody.
  }
  const told = words && `: ${words}`;
  switch (answer.status) {
    case 401:
      return failure(
        'UNAUTHORIZED',
        at.authorization === undefined
          ? `${at.host} wants a token for ${what}, and none is configured`
          : `${at.host} does not take the token or password: it is wrong, expired or revoked${told}`,
      );
    case 403:
      return failure('FORBIDDEN', `The account of the portal at ${at.host} may not ${what}${told}`);
    case 404:
      return failure('NOT_FOUND', `${at.host} has nothing at ${what}, or hides it from the account`);
    case 429:
      return failure('RATE_LIMITED', `${at.host} has had too many calls; it takes the next ones a little later`);
    default:
      return failure('REFUSED', `${at.host} answered ${answer.status} to ${what}${told}`);
  }
}

const mostPages = 1_000;
const pageSize = 50;

/** Makes the caller of Gitea's API. */
export function createApi(host: Host): Api {
  const api: Api = {
    async call(at, path, options = {}) {
      const { method = 'GET', body, headers = {}, allow = [], maxBytes, signal, token } = options;
      const authorization = token === undefined ? at.authorization : `token ${token}`;
      const answer = await host.fetch(`${at.api}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(authorization !== undefined && { authorization }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(maxBytes !== undefined && { maxBytes }),
        ...(at.tls && { tls: at.tls }),
        signal,
      });
      if (answer.ok || allow.includes(answer.status)) return answer;
      throw refusal(at, answer, `${method === 'GET' ? 'read' : method} ${decodeURIComponent(path.split('?')[0]!)}`);
    },
    get: async (at, path, options) => jsonOf(at, await api.call(at, path, options)),
    async find(at, path, options = {}) {
      const answer = await api.call(at, path, { ...options, allow: [404, ...(options.allow ?? [])] });
      return answer.ok ? jsonOf(at, answer) : undefined;
    },
    async all(at, path, options) {
      const found: Thing[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const next = `${path}${path.includes('?') ? '&' : '?'}limit=${pageSize}&page=${page}`;
        const answer = await api.call(at, next, { maxBytes: 16 * 1024 * 1024, ...options });
        const list = jsonOf(at, answer);
        if (!Array.isArray(list)) throw failure('NONSENSE', `${at.host} answered no list to ${path}`);
        found.push(...list);
        // An instance may have shorter pages than are asked for.
        const total = Number(answer.headers['x-total-count'] ?? Number.NaN);
        if (list.length === 0 || (Number.isNaN(total) ? list.length < pageSize : found.length >= total)) break;
      }
      return found;
    },
  };
  return api;
}

/** Does something for each of a list, a few at a time. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = 8,
): Promise<Result[]> {
  const results: Result[] = Array.from({ length: items.length });
  let next = 0;
  const run = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, run));
  return results;
}
