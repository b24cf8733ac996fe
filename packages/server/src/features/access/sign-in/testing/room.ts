import type { Database } from '../../../../core/db/index.ts';
import { createHttp, type HttpServer } from '../../../../core/http/index.ts';
import { createLogger } from '../../../../core/log/index.ts';
import { createOutbound } from '../../../../core/outbound/index.ts';
import type { NewAuditEntry } from '../../audit/types.ts';
import {
  auditRoutes,
  configuredPolicy,
  createAccess,
  createPolicyKeeper,
  createSignIn,
  guardRoutes,
  signInConfig,
} from '../../index.ts';
import type { Directory, Providers } from '../context.ts';
import type { SignInConfig } from '../config.ts';

export const aPassword = 'four words in a row';

export type RoomOptions = {
  signIn?: Parameters<typeof signInConfig>[0]['signIn'];
  access?: Partial<Parameters<typeof signInConfig>[0]>;
  baseUrl?: string;
  directory?: Partial<Directory>;
  providers?: Providers;
  host?: string;
};

export type Reply = { status: number; body: any; headers: Record<string, unknown>; setCookie: string[] };
export type AskOptions = { body?: unknown; headers?: Record<string, string>; from?: string };

/** Access alone over a real database, with a clock that the test holds and one route of every kind. */
export async function openRoom(db: Database, options: RoomOptions = {}) {
  const clock = { now: Date.parse('2026-03-01T08:00:00Z') };
  const lines: string[] = [];
  const log = await createLogger({
    level: 'trace',
    format: 'json',
    destination: { write: (line) => void lines.push(line) },
  });
  const config: SignInConfig = signInConfig({ signIn: options.signIn ?? {}, ...options.access });
  const server = { host: options.host ?? '127.0.0.1', port: 0 };
  const http: HttpServer = await createHttp({
    config: { server, app: { baseUrl: options.baseUrl } },
    log,
    version: '0',
  });
  const outbound = createOutbound({ config: { outbound: { mode: 'open', allow: [], timeoutMs: 5000 } }, log });
  const policy = createPolicyKeeper(configuredPolicy({ defaultRole: 'developer' }, { open: false }));
  const access = createAccess({ host: server.host, open: false, signIn: config.configured, policy });
  guardRoutes(http, access);
  const audited: NewAuditEntry[] = [];
  auditRoutes(http, { record: (entry) => void audited.push(entry) }, access.principalOf);
  const signIn = createSignIn({
    core: { db, http, log, outbound },
    config,
    baseUrl: options.baseUrl,
    isLocal: true,
    stranger: access.stranger,
    policy,
    may: (principal, permission) => access.decide(principal, permission) === 'allow',
    now: () => clock.now,
    streamCheckMs: 20,
  });
  await signIn.prepare();
  access.usePrincipals(signIn.principalOf);
  signIn.useDirectory({
    groupsOf: async () => [],
    existing: async () => [],
    usersByEmail: async () => [],
    ...options.directory,
  });
  if (options.providers) signIn.useProviders(options.providers);
  http.get('/api/test/read', { config: { permission: 'catalog.entity.read' } }, async (request) =>
    access.principalOf(request),
  );
  http.post('/api/test/write', { config: { permission: 'catalog.entity.create' } }, async () => ({ done: true }));
  http.get('/api/test/own', { config: { permission: 'preferences.own' } }, async () => ({ done: true }));
  http.get('/api/test/admin', { config: { permission: 'access.policy.manage' } }, async () => ({ done: true }));
  http.get('/api/test/stream', { config: { permission: 'catalog.entity.read' } }, async (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  });
  await http.ready();

  const ask = async (method: string, url: string, { body, headers = {}, from }: AskOptions = {}): Promise<Reply> => {
    const answer = await http.inject({
      method: method as 'GET',
      url,
      headers: { host: 'localhost', ...headers },
      ...(body !== undefined && { payload: body as object }),
      ...(from !== undefined && { remoteAddress: from }),
    });
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    return {
      status: answer.statusCode,
      body: answer.body.startsWith('{') ? answer.json() : answer.body,
      headers: answer.headers,
      setCookie: cookies,
    };
  };
  /** A browser: keeps its cookies, says where changes come from. */
  const browser = (from = '127.0.0.1') => {
    const jar = new Map<string, string>();
    return {
      jar,
      async ask(method: string, url: string, { body, headers = {} }: AskOptions = {}): Promise<Reply> {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await ask(method, url, {
          body,
          from,
          headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }), ...headers },
        });
        for (const line of answer.setCookie) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (value === '') jar.delete(name);
          else jar.set(name, value);
        }
        return answer;
      },
    };
  };
  const enter = async (name: string, password = aPassword, from?: string) => {
    const who = browser(from);
    const answer = await who.ask('POST', '/api/access/sign-in/local', { body: { username: name, password } });
    return Object.assign(who, { answer });
  };
  /** Makes the first administrator, `root`, and gives a browser in which it is signed in. */
  const administrator = async () => {
    const code = (await signIn.firstAdministrator())!.split('#')[1]!;
    const who = browser();
    await who.ask('POST', '/api/access/setup', { body: { code, name: 'root', title: 'Ruth', password: aPassword } });
    return who;
  };
  /** Adds a user with the usual password, as the administrator does it. */
  const addUser = async (root: ReturnType<typeof browser>, name: string) => {
    const { body } = await root.ask('POST', '/api/access/users', { body: { name } });
    const code = String(body.link).split('#')[1]!;
    const who = browser();
    await who.ask('POST', '/api/access/password/reset', { body: { code, password: aPassword } });
    return who;
  };
  return {
    http,
    signIn,
    clock,
    lines,
    audited,
    ask,
    browser,
    enter,
    administrator,
    addUser,
    close: () => http.close(),
  };
}

export type Room = Awaited<ReturnType<typeof openRoom>>;
