import type { FastifyReply } from 'fastify';

/** Ends when nobody waits for the answer any more. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => reply.raw.writableFinished || gone.abort(new Error('the client went away')));
  return gone.signal;
}
