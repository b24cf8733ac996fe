import type { AppError } from '../errors/index.ts';
import type { Logger } from '../log/index.ts';
import type { AllowList, OutboundConfig } from './allow.ts';
import { isLoopbackHost } from './allow.ts';
import { outboundErrors } from './errors.ts';
import { safeUrl, statusError, toOutboundError } from './failure.ts';
import type { createBudgets } from './patience.ts';
import { backoffMs, parseRetryAfter, sleep } from './patience.ts';
import { portOf } from './remote.ts';
import type { OutboundTls } from './tls.ts';
import type { Answer, Transport } from './transport.ts';

export type OutboundRequest = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Stops the call; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** For the whole call, with its retries and redirects; outbound.timeoutMs when absent */
  timeoutMs?: number;
  /** Most bytes of the answer after decompression; 32 MiB when absent */
  maxBytes?: number;
  /** What the caller has: the answer is `notModified` when it is still so */
  conditional?: { etag?: string | null; lastModified?: string | null };
  /** For the list of hosts: 'catalog source' */
  purpose?: string;
  /** Tries of idempotent calls (3), and the first wait between them (250 ms) */
  retry?: { attempts?: number; backoffMs?: number };
  /** Returns answers of every status instead of throwing from 400 on */
  anyStatus?: boolean;
  /** Throws for an address that this caller may not call; asked at each redirect as well */
  assertHop?: (url: URL) => void;
  /** For addresses that strangers choose: this machine itself is refused, by name, number and what a name resolves to */
  outsideOnly?: boolean;
  /** How the other side is trusted, where the machine's own authorities do not do */
  tls?: OutboundTls;
};

/** An answer that is read while it comes. */
export type OutboundStream = {
  status: number;
  headers: Record<string, string>;
  url: string;
  body: AsyncIterable<Uint8Array>;
};

export type OutboundAnswer = {
  status: number;
  /** Names in lower case */
  headers: Record<string, string>;
  /** Decompressed; null when notModified */
  body: Uint8Array | null;
  notModified: boolean;
  etag: string | null;
  lastModified: string | null;
  /** After redirects, without credentials */
  url: string;
};

type Parts = {
  config: OutboundConfig;
  log: Logger;
  transport: Transport;
  allow: AllowList;
  assertHost: (hostname: string, port: string, purpose: string) => void;
  budgets: ReturnType<typeof createBudgets>;
};

const redirectLimit = 5;
const defaultMaxBytes = 32 * 1024 * 1024;
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const retriedStatus = new Set([429, 502, 503, 504]);
/** What may follow a redirect to another origin; everything else could be a credential. */
const harmless = new Set(['accept', 'accept-language', 'if-none-match', 'if-modified-since', 'user-agent']);

type Call = { url: URL; method: string; headers: Record<string, string>; body?: string | Uint8Array };

function startCall(address: string | URL, options: OutboundRequest): Call {
  const text = String(address);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw outboundErrors.protocol({ url: url ? safeUrl(url) : text.replace(/\/\/[^/]*@/, '//').slice(0, 200) });
  const headers = Object.fromEntries(
    Object.entries(options.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
  );
  if (url.username || url.password) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  const { etag, lastModified } = options.conditional ?? {};
  if (etag) headers['if-none-match'] = etag;
  if (lastModified) headers['if-modified-since'] = lastModified;
  return { url, method: (options.method ?? 'GET').toUpperCase(), headers, body: options.body };
}

/** The next call after a redirect; undefined when the answer is none. */
function redirectedCall({ url, method, headers, body }: Call, answer: Answer, allow: AllowList): Call | undefined {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return undefined;
  const shown = safeUrl(url);
  if (!URL.canParse(location, url.href))
    throw outboundErrors.redirectBlocked({ url: shown, host: 'nowhere', reason: 'the address it gives is not valid' });
  const next = new URL(location, url);
  if (next.protocol !== 'http:' && next.protocol !== 'https:')
    throw outboundErrors.redirectBlocked({ url: shown, host: next.protocol, reason: 'only http and https are called' });
  // A host outside must not use the portal to reach what only this machine can.
  if (isLoopbackHost(next.hostname) && !isLoopbackHost(url.hostname) && !allow.covers(next.hostname, portOf(next)))
    throw outboundErrors.redirectBlocked({ url: shown, host: next.host, reason: 'that is this machine itself' });
  next.username = '';
  next.password = '';
  next.hash = '';
  const kept =
    next.origin === url.origin
      ? headers
      : Object.fromEntries(Object.entries(headers).filter(([key]) => harmless.has(key)));
  const becomesGet =
    answer.status === 303 ? method !== 'HEAD' : method === 'POST' && (answer.status === 301 || answer.status === 302);
  if (!becomesGet) return { url: next, method, headers: kept, body };
  const { 'content-type': _type, 'content-length': _length, ...rest } = kept;
  return { url: next, method: 'GET', headers: rest };
}

/** Makes the function that calls, waits, retries and follows. */
export function createRequester({ config, log, transport, allow, assertHost, budgets }: Parts) {
  /** Waits for the host's rate limit if it opens soon enough, else says when it does. */
  async function awaitBudget(host: string, deadline: number, signal: AbortSignal): Promise<void> {
    const wait = budgets.waitMs(host);
    if (wait === 0) return;
    if (Date.now() + wait >= deadline)
      throw outboundErrors.rateLimited({ host, seconds: Math.ceil(wait / 1000) }, { details: { retryAfterMs: wait } });
    await sleep(wait, signal);
  }

  async function follow(
    start: Call,
    options: OutboundRequest,
    deadline: number,
    signal: AbortSignal,
  ): Promise<{ call: Call; answer: Answer }> {
    let call = start;
    for (let hop = 0; hop <= redirectLimit; hop += 1) {
      options.assertHop?.(call.url);
      assertHost(call.url.hostname, portOf(call.url), options.purpose ?? 'other');
      if (
        options.outsideOnly &&
        isLoopbackHost(call.url.hostname) &&
        !allow.covers(call.url.hostname, portOf(call.url))
      )
        throw outboundErrors.addressBlocked({ host: call.url.host, address: call.url.hostname });
      await awaitBudget(call.url.host, deadline, signal);
      let answer: Answer;
      try {
        answer = await transport.send({
          ...call,
          signal,
          maxBytes: options.maxBytes ?? defaultMaxBytes,
          outsideOnly: options.outsideOnly,
          tls: options.tls,
        });
      } catch (error) {
        throw signal.aborted ? signal.reason : toOutboundError(error, call.url, config.proxy);
      }
      budgets.learn(call.url.host, answer.headers);
      const next = redirectedCall(call, answer, allow);
      if (!next) return { call, answer };
      call = next;
    }
    throw outboundErrors.redirects({ url: safeUrl(start.url), limit: redirectLimit });
  }

  type Outcome = { answer?: OutboundAnswer; failure?: AppError; retryAt?: number };

  /** One try: an answer, or a failure that another try may mend; every other failure is thrown. */
  async function tryOnce(
    start: Call,
    options: OutboundRequest,
    deadline: number,
    signal: AbortSignal,
  ): Promise<Outcome> {
    try {
      const { call, answer } = await follow(start, options, deadline, signal);
      if (answer.status < 400) return { answer: present(call, answer, options) };
      const retryAt = parseRetryAfter(answer.headers['retry-after'], Date.now());
      const failure = statusError(call.url, answer.status, retryAt);
      const shown = options.anyStatus ? present(call, answer, options) : undefined;
      if (retriedStatus.has(answer.status)) return { answer: shown, failure, retryAt };
      if (shown) return { answer: shown };
      throw failure;
    } catch (error) {
      if (signal.aborted || (error as AppError).code !== 'OUTBOUND_UNREACHABLE') throw error;
      return { failure: error as AppError };
    }
  }

  /** What breaks off later is said in our words as well. */
  async function* inOurWords(
    body: AsyncIterable<Uint8Array>,
    url: URL,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw signal.aborted ? signal.reason : toOutboundError(error, url, config.proxy);
    }
  }

  /** Begins an answer without an end. Redirects are not followed, and nothing is tried again: who watches begins anew anyway. */
  async function stream(address: string | URL, options: OutboundRequest = {}): Promise<OutboundStream> {
    const call = startCall(address, options);
    const url = safeUrl(call.url);
    const milliseconds = options.timeoutMs ?? config.timeoutMs;
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(outboundErrors.timeout({ url, milliseconds })), milliseconds);
    const signal = options.signal ? AbortSignal.any([clock.signal, options.signal]) : clock.signal;
    try {
      options.assertHop?.(call.url);
      assertHost(call.url.hostname, portOf(call.url), options.purpose ?? 'other');
      await awaitBudget(call.url.host, Date.now() + milliseconds, signal);
      const answer = await transport.open({ ...call, signal, maxBytes: Infinity, tls: options.tls });
      budgets.learn(call.url.host, answer.headers);
      return { ...answer, body: inOurWords(answer.body, call.url, signal), url: call.url.href };
    } catch (error) {
      throw signal.aborted ? signal.reason : toOutboundError(error, call.url, config.proxy);
    } finally {
      clearTimeout(timer);
    }
  }

  async function request(address: string | URL, options: OutboundRequest = {}): Promise<OutboundAnswer> {
    const start = startCall(address, options);
    const url = safeUrl(start.url);
    const milliseconds = options.timeoutMs ?? config.timeoutMs;
    const deadline = Date.now() + milliseconds;
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(outboundErrors.timeout({ url, milliseconds })), milliseconds);
    const signal = options.signal ? AbortSignal.any([clock.signal, options.signal]) : clock.signal;
    const attempts = idempotent.has(start.method) ? (options.retry?.attempts ?? 3) : 1;
    try {
      signal.throwIfAborted();
      for (let attempt = 1; ; attempt += 1) {
        const { answer, failure, retryAt } = await tryOnce(start, options, deadline, signal);
        if (!failure) return answer!;
        const backoff = backoffMs(attempt, options.retry?.backoffMs ?? 250);
        const wait = retryAt === undefined ? backoff : Math.max(0, retryAt - Date.now());
        if (attempt >= attempts || Date.now() + wait >= deadline) {
          if (answer) return answer;
          throw failure;
        }
        log.debug({ url, attempt, wait, code: failure.code }, 'outbound call failed, trying again');
        await sleep(wait, signal);
      }
    } finally {
      clearTimeout(timer);
    }
  }
  return { request, stream };
}

function present({ url }: Call, { status, headers, body }: Answer, options: OutboundRequest): OutboundAnswer {
  const notModified = status === 304 && options.conditional !== undefined;
  const { etag, lastModified } = options.conditional ?? {};
  return {
    status,
    headers,
    body: notModified ? null : body,
    notModified,
    etag: headers['etag'] ?? (notModified ? (etag ?? null) : null),
    lastModified: headers['last-modified'] ?? (notModified ? (lastModified ?? null) : null),
    url: url.href,
  };
}
