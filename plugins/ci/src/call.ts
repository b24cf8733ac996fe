import type { ConnectionResult, Host, HostResponse } from '@callboard/plugin-api';
import { createAppTokens } from '@callboard/plugin-api/formats/github-apps';
import { type CiHost, record, text } from './model.ts';

/** What went wrong with a call, in words, with the next step. */
export type Fault = Error & { code: string; fix?: string };
export const fault = (code: string, message: string, fix?: string): Fault =>
  Object.assign(new Error(message), { code, fix });

/** Asks hosts. What is no answer is thrown as a fault. */
export type Calls = {
  json(ci: CiHost, path: string, signal?: AbortSignal): Promise<unknown>;
  /** Like `json`, unless nothing changed since an answer with this etag: undefined then. Such a call counts for no limit. */
  changed(
    ci: CiHost,
    path: string,
    etag: string | undefined,
    signal?: AbortSignal,
  ): Promise<{ body: unknown; etag?: string } | undefined>;
  text(ci: CiHost, path: string, signal?: AbortSignal): Promise<string>;
  post(ci: CiHost, path: string, signal?: AbortSignal): Promise<HostResponse>;
  /** Asks GitHub as an app itself */
  app: ReturnType<typeof createAppTokens>['ask'];
  /** Answers of every status, for tests of connections */
  head(ci: CiHost, path: string, signal?: AbortSignal): Promise<HostResponse>;
};

const timeoutMs = 8_000;
/** A view has ten seconds for the runs and a log. */
const logTimeoutMs = 6_000;
const jsonBytes = 8 * 1024 * 1024;
const logBytes = 16 * 1024 * 1024;

const basic = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;

function headersOf({ vendor, username, token }: CiHost): Record<string, string> {
  const json = { accept: 'application/json' };
  if (vendor === 'github')
    return {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
  if (token === undefined) return json;
  if (vendor === 'gitlab') return { ...json, 'private-token': token };
  if (vendor === 'gitea' && username === undefined) return { ...json, authorization: `token ${token}` };
  return { ...json, authorization: basic(username ?? '', token) };
}

/** What the far side says itself, on one line. */
function wordsOf(answer: HostResponse): string {
  try {
    const { message, error } = record(answer.json());
    const said = text(message) ?? text(error);
    return said === undefined ? '' : `: ${said.split('\n')[0]}`;
  } catch {
    return '';
  }
}

/** When a limit opens again, as far as an answer tells. */
function limitOf({ status, headers }: HostResponse): string | undefined {
  const isUsedUp = status === 403 && headers['x-ratelimit-remaining'] === '0';
  if (status !== 429 && !isUsedUp) return undefined;
  const seconds = Number(headers['retry-after']);
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  const at = seconds > 0 ? Date.now() + seconds * 1000 : reset > 0 ? reset * 1000 : undefined;
  return at !== undefined && at < 8.64e15 ? ` until ${new Date(at).toISOString().slice(11, 16)} UTC` : '';
}

/** Why an answer is none. */
export function faultOf(ci: CiHost, answer: HostResponse, what: string, verb = 'read'): Fault {
  const { status } = answer;
  const limit = limitOf(answer);
  if (limit !== undefined)
    return fault('LIMITED', `${ci.name} takes no more calls${limit}`, 'Wait, or use a token with a higher limit.');
  const said = wordsOf(answer);
  if (status === 401)
    return ci.token === undefined && !ci.apps?.length
      ? fault('TOKEN', `${ci.name} wants a token${said}`, 'Enter one in Admin → Plugins → Builds.')
      : fault('TOKEN', `${ci.name} does not take the token${said}`, 'It may be over or revoked: make a new one.');
  if (status === 403)
    return fault('RIGHT', `the token may not ${verb} ${what} at ${ci.name}${said}`, 'Give it the rights of the guide.');
  if (status === 404)
    return fault(
      'NOT_FOUND',
      `${ci.name} has no ${what}, or the token may not see it`,
      'Check the name and the token.',
    );
  return fault('STATUS', `${ci.name} answered ${status}${said}`, 'Look at the host; the portal asks again by itself.');
}

/** Makes the calls of a plugin. */
export function createCalls(host: Host): Calls {
  const apps = createAppTokens(host);
  /** A host with a token for what is asked, where an app gives one. */
  async function signed(ci: CiHost, path: string): Promise<CiHost> {
    const project = /^\/repos\/([^/]+\/[^/]+)\//.exec(path)?.[1];
    if (ci.token !== undefined || !ci.apps?.length || project === undefined) return ci;
    return { ...ci, token: await apps.tokenFor({ ...ci, apps: ci.apps }, project) };
  }
  const ask = async (
    ci: CiHost,
    path: string,
    options: { method?: string; signal?: AbortSignal; maxBytes?: number; timeoutMs?: number; etag?: string } = {},
  ) => {
    const { etag, ...rest } = options;
    const headers = { ...headersOf(await signed(ci, path)), ...(etag !== undefined && { 'if-none-match': etag }) };
    return host.fetch(`${ci.api}${path}`, { timeoutMs, headers, tls: ci.tls, ...rest });
  };
  const good = async (ci: CiHost, path: string, options: Parameters<typeof ask>[2]) => {
    const answer = await ask(ci, path, options);
    if (answer.status !== 304 && !answer.ok) throw faultOf(ci, answer, decodeURIComponent(path.split('?')[0]!));
    return answer;
  };
  const parsed = (ci: CiHost, answer: HostResponse): unknown => {
    try {
      return answer.json();
    } catch {
      throw fault(
        'NONSENSE',
        `${ci.name} answered something that is not JSON`,
        `Check that ${ci.api} is the address of its API, and that no sign-in page stands before it.`,
      );
    }
  };
  return {
    json: async (ci, path, signal) => parsed(ci, await good(ci, path, { signal, maxBytes: jsonBytes })),
    async changed(ci, path, etag, signal) {
      const answer = await good(ci, path, { signal, maxBytes: jsonBytes, etag });
      return answer.status === 304 ? undefined : { body: parsed(ci, answer), etag: answer.headers['etag'] };
    },
    text: async (ci, path, signal) =>
      (await good(ci, path, { signal, maxBytes: logBytes, timeoutMs: logTimeoutMs })).text(),
    post: (ci, path, signal) => ask(ci, path, { method: 'POST', signal }),
    head: (ci, path, signal) => ask(ci, path, { signal }),
    app: apps.ask,
  };
}

/** A fault as a line of a test. */
export function tested(title: string, error: unknown): ConnectionResult {
  const { message, fix } = error as Fault;
  return { title, state: 'bad', message: message.slice(0, 1000), ...(fix !== undefined && { fix }) };
}

/** A list of an answer; what has none is no answer. */
export function listOf(ci: CiHost, answer: unknown, key?: string): Record<string, unknown>[] {
  const found = key === undefined ? answer : record(answer)[key];
  if (!Array.isArray(found))
    throw fault('NONSENSE', `${ci.name} answered in a shape that is not known`, 'Check the address of its API.');
  return found.map(record);
}
