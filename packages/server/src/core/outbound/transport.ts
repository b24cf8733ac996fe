import { lookup as resolveName } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { AllowList, OutboundConfig } from './allow.ts';
import { isGuardedAddress, isLoopbackHost } from './allow.ts';
import { outboundErrors } from './errors.ts';
import { safeUrl } from './failure.ts';
import type { OutboundTls } from './tls.ts';

export type Attempt = {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  signal: AbortSignal;
  maxBytes: number;
  outsideOnly?: boolean;
  tls?: OutboundTls;
};
export type Answer = { status: number; headers: Record<string, string>; body: Uint8Array };
export type OpenAnswer = { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> };
export type Transport = {
  send: (attempt: Attempt) => Promise<Answer>;
  /** Answers as soon as the other side begins to. */
  open: (attempt: Attempt) => Promise<OpenAnswer>;
  close: () => Promise<void>;
};

/** So many ways of trusting keep their connections at the same time. */
const mostTrusts = 50;

type LookupDone = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

/** Resolves names as the system does, and refuses guarded addresses at the moment of connecting: no second answer can differ. */
export function guardedLookup(allow: AllowList, outsideOnly = false) {
  return (host: string, options: LookupOptions, done: LookupDone) => {
    resolveName(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error);
      const bad = allow.names(host)
        ? undefined
        : addresses.find(({ address }) => isGuardedAddress(address) || (outsideOnly && isLoopbackHost(address)));
      if (bad) return done(outboundErrors.addressBlocked({ host, address: bad.address }));
      const [chosen] = addresses;
      return options.all ? done(null, addresses) : done(null, chosen!.address, chosen!.family);
    });
  };
}

const decoders: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decoded(body: Readable, encoding: string | undefined): Readable {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  // Nobody compresses three times in earnest.
  if (names.length > 2) throw Object.assign(new Error('too many content encodings'), { code: 'Z_ENCODINGS' });
  let stream = body;
  for (const name of names) {
    const decoder = decoders[name];
    if (!decoder) throw Object.assign(new Error(`unknown content encoding ${name}`), { code: 'Z_ENCODINGS' });
    const next = decoder() as unknown as Readable & NodeJS.WritableStream;
    stream.on('error', (error) => next.destroy(error));
    stream = stream.pipe(next);
  }
  return stream;
}

async function readBody(body: Readable, attempt: Attempt, encoding: string | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = decoded(body, encoding);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > attempt.maxBytes)
        throw outboundErrors.tooLarge({ url: safeUrl(attempt.url), limit: attempt.maxBytes });
      chunks.push(chunk);
    }
  } finally {
    stream.destroy();
    body.destroy();
  }
  return Buffer.concat(chunks);
}

const plainHeaders = (headers: Record<string, string | string[] | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key.toLowerCase(), [value ?? ''].flat().join(', ')]),
  );

const isIdle = (method: string, status: number) => method === 'HEAD' || status === 204 || status === 304;

/**
 * Makes the one place from which bytes leave the process: through the proxy where there is one, never for this machine itself.
 *
 * @param config - the proxy; when it is absent the usual variables of the environment count
 * @param allow - hosts that may stand for guarded addresses
 */
export function createTransport(config: OutboundConfig, allow: AllowList): Transport {
  let dispatchers:
    | Promise<{
        direct: Dispatcher;
        outside: Dispatcher;
        strangers: Dispatcher;
        trusting: (tls: OutboundTls, isLoopback: boolean) => Dispatcher;
        trusts: Map<string, Dispatcher>;
        request: typeof import('undici').request;
      }>
    | undefined;
  // Loaded at the first call: a portal on local files never needs it.
  const load = async () => {
    const { Agent, EnvHttpProxyAgent, request } = await import('undici');
    const options = {
      allowH2: false,
      connect: { lookup: guardedLookup(allow) as never, timeout: 10_000 },
      keepAliveTimeout: 10_000,
    };
    const proxy = config.proxy ? { httpProxy: config.proxy, httpsProxy: config.proxy } : {};
    const guarded = { ...options, connect: { lookup: guardedLookup(allow, true) as never, timeout: 10_000 } };
    const trusts = new Map<string, Dispatcher>();
    const trusting = ({ ca, cert, key, serverName, insecure }: OutboundTls, isLoopback: boolean): Dispatcher => {
      const name = JSON.stringify([ca, cert, key, serverName, insecure, isLoopback]);
      let found = trusts.get(name);
      if (found) return found;
      const tls = { ca, cert, key, servername: serverName, rejectUnauthorized: insecure !== true };
      const connect = { ...options.connect, ...tls };
      found = isLoopback
        ? new Agent({ ...options, connect })
        : new EnvHttpProxyAgent({ ...options, ...proxy, connect, requestTls: tls });
      trusts.set(name, found);
      const [oldest] = trusts.keys();
      if (trusts.size > mostTrusts) {
        void trusts.get(oldest!)!.close();
        trusts.delete(oldest!);
      }
      return found;
    };
    return {
      trusting,
      trusts,
      direct: new Agent(options),
      outside: new EnvHttpProxyAgent({ ...options, ...proxy }),
      strangers: new EnvHttpProxyAgent({ ...guarded, ...proxy }),
      request,
    };
  };
  async function begin(attempt: Attempt) {
    const { direct, outside, strangers, trusting, request } = await (dispatchers ??= load());
    const { url, method, signal, tls } = attempt;
    const isLoopback = isLoopbackHost(url.hostname);
    const usual = isLoopback ? direct : attempt.outsideOnly ? strangers : outside;
    const answer = await request(url, {
      method,
      headers: { 'user-agent': 'Callboard', 'accept-encoding': 'gzip, deflate, br', ...attempt.headers },
      body: attempt.body,
      signal,
      dispatcher: tls && url.protocol === 'https:' ? trusting(tls, isLoopback) : usual,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { answer, headers: plainHeaders(answer.headers) };
  }

  return {
    async open(attempt) {
      const { answer, headers } = await begin(attempt);
      const body = decoded(answer.body, headers['content-encoding']);
      return { status: answer.statusCode, headers, body: body as AsyncIterable<Uint8Array> };
    },
    async send(attempt) {
      const { url, method } = attempt;
      const { answer, headers } = await begin(attempt);
      const announced = Number(headers['content-length'] ?? 0);
      if (isIdle(method, answer.statusCode)) {
        await answer.body.dump();
        return { status: answer.statusCode, headers, body: new Uint8Array() };
      }
      if (announced > attempt.maxBytes) {
        answer.body.on('error', () => {}).destroy();
        throw outboundErrors.tooLarge({ url: safeUrl(url), limit: attempt.maxBytes });
      }
      const body = await readBody(answer.body, attempt, headers['content-encoding']);
      return { status: answer.statusCode, headers, body };
    },
    async close() {
      if (!dispatchers) return;
      const { direct, outside, strangers, trusts } = await dispatchers;
      await Promise.all([direct, outside, strangers, ...trusts.values()].map((each) => each.destroy()));
    },
  };
}
