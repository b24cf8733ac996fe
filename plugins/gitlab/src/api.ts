import type { Host, HostResponse } from '@callboard/plugin-api';
import type { GitlabHost } from './settings.ts';

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

/** Calls GitLab's API. */
export type Api = {
  call(at: GitlabHost, path: string, options?: Call): Promise<HostResponse>;
  get(at: GitlabHost, path: string, options?: Call): Promise<Thing>;
  /** The thing, or undefined where there is none, or with a status in `allow` */
  find(at: GitlabHost, path: string, options?: Call): Promise<Thing | undefined>;
  /** Everything of a list, page by page */
  all(at: GitlabHost, path: string, options?: Call): Promise<Thing[]>;
};

/** An id or a path as a part of an address. */
export const encoded = (value: string | number): string => encodeURIComponent(String(value));

/** An error with a code by which others know what it is. */
export const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** What GitLab says of a refusal, in one line. */
function said(answer: HostResponse): string {
  try {
    const { message, error, error_description: description } = answer.json() as Thing;
    const told = message ?? description ?? error;
    return typeof told === 'string' ? told : JSON.stringify(told ?? '');
  } catch {
    return '';
  }
}

/** Why an answer is no success, and what to do. */
export function refusal(at: GitlabHost, answer: HostResponse, what: string): Error {
  const words = said(answer).slice(0, 300);
  const told = words && `: ${words}`;
  switch (answer.status) {
    case 401:
      return failure(
        'UNAUTHORIZED',
        at.token === undefined
          ? `${at.host} wants a token for ${what}, and none is configured`
          : `${at.host} does not take the token: it is wrong, expired or revoked${told}`,
      );
    case 403:
      return failure('FORBIDDEN', `The token of ${at.host} may not ${what}${told}`);
    case 404:
      return failure('NOT_FOUND', `${at.host} has nothing at ${what}, or hides it from the token`);
    case 429:
      return failure('RATE_LIMITED', `${at.host} has had too many calls; it takes the next ones a little later`);
    default:
      return failure('REFUSED', `${at.host} answered ${answer.status} to ${what}${told}`);
  }
}

/** @throws Error when it is no JSON, as from a sign-in page or a proxy */
export function jsonOf(at: GitlabHost, answer: HostResponse): any {
  try {
    return answer.json();
  } catch {
    throw failure('NONSENSE', `${at.host} answered something that is no JSON: is ${at.api} the address of its API?`);
  }
}

/** The address of the next page, when there is one. Some lists tell it as a link only. */
export function nextPage(answer: HostResponse, path: string): string | undefined {
  const next = answer.headers['x-next-page'];
  if (next) return `${path.replace(/[?&]page=\d+/, '')}&page=${next}`;
  const [, link] = /<([^>]+)>;\s*rel="next"/.exec(answer.headers['link'] ?? '') ?? [];
  return link !== undefined && URL.canParse(link) ? `${path.split('?')[0]}${new URL(link).search}` : undefined;
}

const mostPages = 1_000;

/** Makes the caller of GitLab's API. */
export function createApi(host: Host): Api {
  const api: Api = {
    async call(at, path, options = {}) {
      const { method = 'GET', body, headers = {}, allow = [], maxBytes, signal } = options;
      const token = options.token ?? at.token;
      const answer = await host.fetch(`${at.api}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          // Personal, project and group tokens are taken this way as well as those of OAuth.
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
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
      const start = `${path}${path.includes('?') ? '&' : '?'}per_page=100`;
      let next: string | undefined = start;
      for (let page = 0; next !== undefined && page < mostPages; page += 1) {
        const answer: HostResponse = await api.call(at, next, { maxBytes: 16 * 1024 * 1024, ...options });
        const list = jsonOf(at, answer);
        if (!Array.isArray(list)) throw failure('NONSENSE', `${at.host} answered no list to ${path}`);
        found.push(...list);
        next = nextPage(answer, start);
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
