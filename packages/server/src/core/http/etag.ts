import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

const opaque = (tag: string) => tag.trim().replace(/^W\//, '');

/**
 * Whether an If-None-Match header names the tag, compared weakly as the standard asks for GET.
 *
 * @param header - the header's value
 * @param tag - the tag of what would be sent
 */
export function matchesTag(header: string, tag: string): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => opaque(candidate) === opaque(tag));
}

/** Tags every JSON answer to GET by its content, and answers 304 to who has it already. */
export function registerEtag(http: FastifyInstance): void {
  http.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      return payload;
    }
    const type = String(reply.getHeader('content-type') ?? '');
    if (reply.statusCode !== 200 || !type.startsWith('application/json')) return payload;
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${hash('sha1', payload, 'base64url')}"`);
    const header = request.headers['if-none-match'];
    if (header === undefined || !matchesTag(header, String(reply.getHeader('etag')))) return payload;
    reply.code(304).removeHeader('content-length');
    return null;
  });
}
