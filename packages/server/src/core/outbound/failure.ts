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

/**
 * Says in our words what went wrong below HTTP.
 *
 * @param error - from the network
 * @param url - what was called
 */
export function toOutboundError(error: unknown, url: URL): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const shown = safeUrl(url);
  if (code.startsWith('OUTBOUND_'))
    return findAppError(error) ?? outboundErrors.unreachable({ url: shown, reason: code });
  if (code in tlsReasons || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return outboundErrors.tls({ host: url.host, reason: tlsReasons[code] ?? `TLS failed (${code})` }, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  if (/^Proxy response \((\d+)\)/.test(message))
    return outboundErrors.proxy(
      { url: shown, reason: message.includes('407') ? 'it wants a user and password' : message },
      { cause: error },
    );
  if (code.startsWith('HPE_'))
    return outboundErrors.unreachable(
      { url: shown, reason: 'what answers there does not speak HTTP' },
      { cause: error },
    );
  if (
    code.startsWith('Z_') ||
    code.startsWith('ERR__ERROR_FORMAT') ||
    code.startsWith('ERR_BROTLI') ||
    code.startsWith('ERR_BUFFER')
  )
    return outboundErrors.encoding({ url: shown, reason: message }, { cause: error });
  return outboundErrors.unreachable(
    { url: shown, reason: networkReasons[code] ?? (code || message) },
    { cause: error },
  );
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
