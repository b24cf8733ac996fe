import { createHash } from 'node:crypto';
import type { Host, HostResponse } from '@callboard/plugin-api';
import { appToken } from '@callboard/plugin-api/formats/github-apps';
import type { Budget, Purpose } from './budget.ts';
import { failureOf } from './failure.ts';
import type { App, GithubHost } from './hosts.ts';
import { at, list, numberOf, record, textOf } from './json.ts';

export type Call = {
  method?: string;
  body?: unknown;
  /** Whose repositories it is about: the installation of an app is found by it */
  owner?: string;
  /** Somebody's own token, in place of what is configured */
  token?: string;
  purpose?: Purpose;
  etag?: string;
  accept?: string;
  maxBytes?: number;
  signal?: AbortSignal;
  /** What it is for, in words that follow "it refuses to" */
  what?: string;
};
type Credential = { who: string; token?: string };
type Installation = { id: number; owner: string; permissions: Record<string, unknown> };

const installationsMs = 600_000;
/** A token of an installation lives for an hour; it is not used in its last minutes. */
const marginMs = 300_000;
const mostPages = 100;

/** Calls hosts with what is configured for them. Each call knows its budget; each failure is in words. */
export function createClient(host: Pick<Host, 'fetch'>, budget: Budget) {
  const installed = new Map<string, { at: number; found: Promise<Installation[]> }>();
  const tokens = new Map<string, { until: number; token: Promise<string> }>();

  async function send(target: GithubHost, url: string, credential: Credential, asked: Call): Promise<HostResponse> {
    const resource = url === target.graphql ? 'graphql' : url.startsWith(`${target.api}/search/`) ? 'search' : 'core';
    // What is asked of the limit itself is free.
    if (!url.endsWith('/rate_limit')) budget.assert(target.host, credential.who, resource, asked.purpose ?? 'people');
    const answer = await host.fetch(url, {
      method: asked.method ?? 'GET',
      headers: {
        accept: asked.accept ?? 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'callboard',
        ...(credential.token !== undefined && { authorization: `Bearer ${credential.token}` }),
        ...(asked.etag !== undefined && { 'if-none-match': asked.etag }),
        ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
      ...(asked.maxBytes !== undefined && { maxBytes: asked.maxBytes }),
      ...(target.tls && { tls: target.tls }),
      ...(asked.signal && { signal: asked.signal }),
    });
    budget.learn(credential.who, resource, answer.status, answer.headers);
    return {
      ...answer,
      json() {
        try {
          return answer.json();
        } catch {
          throw new Error(`${target.host}: what it answered is no JSON: is ${target.api} the address of its API?`);
        }
      },
    };
  }

  const asApp = (target: GithubHost, app: App): Credential => ({
    who: `${target.host}#app-${app.id}`,
    token: appToken(app, target.host),
  });

  /** Where an app is installed, as it is known for ten minutes. */
  function installations(target: GithubHost, app: App): Promise<Installation[]> {
    const key = `${target.api} ${app.id}`;
    const known = installed.get(key);
    if (known && Date.now() - known.at < installationsMs) return known.found;
    const found = (async () => {
      const all: Installation[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const url = `${target.api}/app/installations?per_page=100&page=${page}`;
        const answer = await send(target, url, asApp(target, app), {});
        if (answer.status >= 400) throw failureOf(target.host, `list where the app ${app.id} is installed`, answer);
        const items = list(answer.json());
        for (const item of items) {
          const owner = textOf(at(item, 'account', 'login'))?.toLowerCase();
          if (owner !== undefined && (app.owners.length === 0 || app.owners.includes(owner)))
            all.push({ id: numberOf(item['id']) ?? 0, owner, permissions: record(item['permissions']) });
        }
        if (items.length < 100) break;
      }
      return all;
    })();
    installed.set(key, { at: Date.now(), found });
    found.catch(() => installed.delete(key));
    return found;
  }

  async function installationToken(target: GithubHost, app: App, id: number): Promise<string> {
    const key = `${target.api} ${app.id} ${id}`;
    const known = tokens.get(key);
    if (known && known.until > Date.now()) return known.token;
    const ask = async (): Promise<string> => {
      const url = `${target.api}/app/installations/${id}/access_tokens`;
      const answer = await send(target, url, asApp(target, app), { method: 'POST', body: {} });
      if (answer.status >= 400) throw failureOf(target.host, `give a token to the app ${app.id}`, answer);
      const body = record(answer.json());
      const ends = Date.parse(textOf(body['expires_at']) ?? '');
      tokens.set(key, { until: Number.isNaN(ends) ? 0 : ends - marginMs, token });
      return textOf(body['token']) ?? '';
    };
    // Until the answer says when it ends.
    const token = ask();
    tokens.set(key, { until: Date.now() + marginMs, token });
    token.catch(() => tokens.delete(key));
    return token;
  }

  /** With what a host is asked about somebody's repositories: their own token, an app that is installed there, or the token of the host. */
  async function credentialFor(target: GithubHost, owner?: string, token?: string): Promise<Credential> {
    if (token !== undefined)
      return { who: `${target.host}#own-${createHash('sha256').update(token).digest('hex').slice(0, 12)}`, token };
    const name = owner?.toLowerCase();
    for (const app of target.apps) {
      const found = await installations(target, app);
      const here = name === undefined ? found[0] : found.find((each) => each.owner === name);
      if (here && (name !== undefined || target.token === undefined))
        return { who: `${target.host}#${app.id}/${here.id}`, token: await installationToken(target, app, here.id) };
    }
    if (target.token !== undefined) return { who: `${target.host}#token`, token: target.token };
    if (target.apps.length > 0)
      throw Object.assign(
        new Error(
          `${target.host}: the app is not installed for ${owner ?? 'anybody'}: install it there, or configure a token`,
        ),
        { code: 'NOT_INSTALLED' },
      );
    return { who: `${target.host}#nobody` };
  }

  /** @returns answers below 400, 304 included */
  async function call(target: GithubHost, path: string, options: Call = {}): Promise<HostResponse> {
    const credential = await credentialFor(target, options.owner, options.token);
    const answer = await send(target, `${target.api}${path}`, credential, options);
    if (answer.status >= 400)
      throw failureOf(target.host, options.what ?? `${options.method ?? 'GET'} ${path.split('?')[0]}`, answer);
    return answer;
  }

  return {
    call,
    credentialFor,
    installations,
    asApp,
    /** What is there; undefined when it is not. */
    async find(target: GithubHost, path: string, options: Call = {}): Promise<unknown> {
      try {
        return (await call(target, path, options)).json();
      } catch (error) {
        if ((error as { status?: number }).status === 404) return undefined;
        throw error;
      }
    },
    /** Every page of a list, by numbers. */
    async all(target: GithubHost, path: string, options: Call = {}): Promise<Record<string, unknown>[]> {
      const found: Record<string, unknown>[] = [];
      for (let page = 1; page <= mostPages; page += 1) {
        const sign = path.includes('?') ? '&' : '?';
        const items = list((await call(target, `${path}${sign}per_page=100&page=${page}`, options)).json());
        found.push(...items);
        if (items.length < 100) break;
      }
      return found;
    },
    /** Asks by GraphQL, which takes a token. What is missing of the data is said by the host beside it. */
    async graphql(
      target: GithubHost,
      query: string,
      variables: Record<string, unknown>,
      options: Call = {},
    ): Promise<Record<string, unknown>> {
      const credential = await credentialFor(target, options.owner, options.token);
      if (credential.token === undefined)
        throw Object.assign(new Error(`${target.host}: this needs a token or an app: configure one for the host`), {
          code: 'TOKEN_MISSING',
        });
      const answer = await send(target, target.graphql, credential, {
        ...options,
        method: 'POST',
        body: { query, variables },
        maxBytes: 16 * 1024 * 1024,
      });
      if (answer.status >= 400) throw failureOf(target.host, options.what ?? 'answer a question', answer);
      const body = record(answer.json());
      const errors = list(body['errors']);
      const first = errors.find((error) => error['type'] !== 'NOT_FOUND');
      if (first && (body['data'] === undefined || body['data'] === null || first['type'] === 'RATE_LIMITED'))
        throw Object.assign(
          new Error(`${target.host}: ${textOf(first['message']) ?? 'it gave an error without words'}`),
          {
            code: textOf(first['type']) ?? 'GRAPHQL',
          },
        );
      return record(body['data']);
    },
  };
}
export type Client = ReturnType<typeof createClient>;
