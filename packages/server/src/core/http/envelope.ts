import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/index.ts';
import { httpErrors } from './errors.ts';
import { limits } from './limits.ts';

/** The one shape of every error answer: Backstage's envelope plus `code`, `fix` and `details`. */
export type ErrorEnvelope = {
  error: { name: string; message: string; code: string; fix: string; details?: Record<string, unknown> };
  request: { method: string; url: string };
  response: { statusCode: number };
};

/**
 * Dresses an error as the body of an answer.
 *
 * @param error - what went wrong
 * @param request - method and URL of the request that met it
 */
export function errorEnvelope(error: AppError, request: { method: string; url: string }): ErrorEnvelope {
  const { name, message, code, fix, details } = error;
  return {
    error: { name, message, code, fix, ...(details && { details }) },
    request: { method: request.method, url: shorten(request.url, 2000) },
    response: { statusCode: error.status },
  };
}

export const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** Turns whatever was thrown into an AppError; undefined for what nobody foresaw. */
export function toAppError(error: unknown, request: FastifyRequest): AppError | undefined {
  if (error instanceof AppError) return error;
  const { code, statusCode, message } = (error ?? {}) as Partial<FastifyError>;
  const url = shorten(request.url, 200);
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.bodyTooLarge({ limit: request.routeOptions.bodyLimit ?? limits.body, url });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_TYPE':
      return httpErrors.unsupportedContentType({ found: shorten(request.headers['content-type'] ?? 'none', 100) });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return httpErrors.bodyIncomplete();
    case 'FST_ERR_BAD_URL':
      return httpErrors.malformedUrl({ url });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return httpErrors.urlTooLong({ limit: limits.pathPart });
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return request.raw.aborted ? httpErrors.requestAborted() : undefined;
    default:
      if (error instanceof Error && 'statusCode' in error && statusCode === 403)
        return httpErrors.routeNotFound({ method: request.method, url });
      if (statusCode && statusCode >= 400 && statusCode < 500)
        return httpErrors.malformedRequest({ reason: message ?? String(statusCode) });
      return undefined;
  }
}

/** Answers with an error in the one shape; the stack of an unforeseen one goes to the log only. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error, request);
  if (!known) request.log.error({ err: error }, 'request failed');
  else if (known.cause) request.log.warn({ code: known.code, err: known.cause }, known.message);
  const shown = known ?? httpErrors.internal({ id: request.id });
  if (shown.status === 413 || shown.status === 408) reply.header('connection', 'close');
  reply.header('cache-control', 'no-store');
  return reply
    .code(shown.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorEnvelope(shown, request)));
}
