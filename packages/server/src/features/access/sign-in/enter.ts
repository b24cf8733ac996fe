import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInContext } from './context.ts';

import { hashOf, randomId, randomSecret } from './secrets.ts';
import type { Session } from './store/sessions.ts';

/**
 * Begins a session: always a new one under a new secret, and the one that the browser had before ends. Whatever somebody may have put into
 * the browser beforehand opens nothing.
 */
export async function enter(
  context: SignInContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  who: { userRef: string; provider: string; kind: 'user' | 'guest'; claims: string[] },
): Promise<Session> {
  const { sessions, cookies, config, addresses, now } = context;
  const before = cookies.session.read(request);
  if (before !== undefined) await sessions.end(hashOf(before));
  const secret = randomSecret();
  const session: Session = {
    ...who,
    id: randomId(),
    address: addresses.clientOf(request),
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
    createdAt: now(),
    seenAt: now(),
    expiresAt: now() + config.lifetimeMs,
  };
  await sessions.add(hashOf(secret), session);
  if (who.kind === 'user') await context.users.change(who.userRef, { signedInAt: now() });
  cookies.session.set(reply, secret, config.lifetimeMs);
  request.auditEntered = { actor: who.userRef, via: `session:${session.id}` };
  return session;
}

/** Ends the session of this browser. */
export async function leave(
  context: SignInContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Session | undefined> {
  const secret = context.cookies.session.read(request);
  context.cookies.session.clear(reply);
  if (secret === undefined) return undefined;
  const session = await context.sessions.find(hashOf(secret));
  await context.sessions.end(hashOf(secret));
  return session;
}
