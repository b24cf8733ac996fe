import { AppError } from '../errors/index.ts';
import { outboundErrors } from './errors.ts';

/** Shows an address without what may be secret in it: user, password, query and fragment. */
export function safeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}${url.search ? '?…' : ''}`;
}

const tlsReasons: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that this machine does not know',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (or this machine has the wrong time)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS on this port',
};

const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ENOTFOUND: 'the host name does not exist',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'the connection timed out',
  EPIPE: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer has not the length that it announced',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
};

/** Follows causes to the first error with a code that says something. */
function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return '';
  const inner =
    codeOf(error.cause, depth + 1) || codeOf(error instanceof AggregateError ? error.errors[0] : undefined, depth + 1);
  const own = (error as NodeJS.ErrnoException).code ?? '';
  return inner && !(own in tlsReasons || own in networkReasons) ? inner : own || inner;
}

/** Whether connecting failed at the configured proxy rather than behind it. */
function failedAtProxy(error: unknown, proxy: string | undefined): boolean {
  if (!proxy || !URL.canParse(proxy) || !(error instanceof Error)) return false;
  const { hostname, port, protocol } = new URL(proxy);
  const at = error as Error & { hostname?: string; port?: number; code?: string };
  if (at.code === 'UND_ERR_PRX_CONN' || at.code === 'UND_ERR_PRX_TLS') return true;
  if (at.hostname === hostname) return true;
  if (at.code === 'ECONNREFUSED' && at.port === Number(port || (protocol === 'https:' ? 443 : 80))) return true;
  return failedAtProxy(error instanceof AggregateError ? error.errors[0] : error.cause, proxy);
}

/** What a proxy's refusal says, undefined for everything else. */
function proxyRefusal(message: string): string | undefined {
  if (/\(407\)/.test(message)) return 'it wants a user and password';
  return /^Proxy response \((\d+)\)/.exec(message)?.[0];
}

/**
 * Says in our words what went wrong below HTTP.
 *
 * @param error - from the network
 * @param url - what was called
 * @param proxy - the configured proxy
 */
export function toOutboundError(error: unknown, url: URL, proxy?: string): AppError {
  const own = findAppError(error);
  if (own) return own;
  const code = codeOf(error);
  const shown = safeUrl(url);
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  const refusal = proxyRefusal(message);
  if (refusal) return outboundErrors.proxy({ url: shown, reason: refusal }, options);
  if (failedAtProxy(error, proxy)) {
    const reason = `the proxy itself cannot be reached: ${networkReasons[code] ?? message}`;
    return outboundErrors.proxy({ url: shown, reason }, options);
  }
  if (code in tlsReasons || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return outboundErrors.tls({ host: url.host, reason: tlsReasons[code] ?? `TLS failed (${code})` }, options);
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError'))
    return outboundErrors.unreachable({ url: shown, reason: 'what answers there does not speak HTTP' }, options);
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR') || code.startsWith('ERR_BROTLI'))
    return outboundErrors.encoding({ url: shown, reason: message }, options);
  return outboundErrors.unreachable({ url: shown, reason: networkReasons[code] ?? (code || message) }, options);
}

function findAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  return error instanceof Error ? findAppError(error.cause) : undefined;
}

const advice: Record<number, string> = {
  401: 'The host wants credentials: configure a token for it.',
  403: 'The credentials for this host are missing or may not read this: check the token and its rights.',
  404: 'Check the address. Hosts also answer 404 for private things when credentials are missing.',
  410: 'It is gone for good: remove the address from the configuration.',
  429: 'The host limits calls: wait, or configure credentials with a higher limit.',
};

/** The error for an answer that is not a success. */
export function statusError(url: URL, status: number, retryAt: number | undefined): AppError {
  if (status === 407) return outboundErrors.proxy({ url: safeUrl(url), reason: 'it wants a user and password' });
  const next =
    advice[status] ??
    (status >= 500
      ? 'The fault is on that host: look at its state, then try again.'
      : 'Check the address and what the host says about it.');
  const details = { status, ...(retryAt !== undefined && { retryAfterMs: Math.max(0, retryAt - Date.now()) }) };
  return outboundErrors.status({ url: safeUrl(url), status, advice: next }, { details });
}
