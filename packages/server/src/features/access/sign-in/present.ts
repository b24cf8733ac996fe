import type { SessionItem, TokenItem, UserItem } from '@callboard/model/http';
import type { Session } from './store/sessions.ts';
import type { Token } from './store/tokens.ts';
import type { User } from './store/users.ts';
import { nameOf } from './users.ts';

const iso = (at: number) => new Date(at).toISOString();

export const shownSession = (session: Session, currentId: string | undefined): SessionItem => ({
  id: session.id,
  entityRef: session.userRef,
  provider: session.provider,
  current: session.id === currentId,
  address: session.address,
  agent: session.agent,
  createdAt: iso(session.createdAt),
  seenAt: iso(session.seenAt),
  expiresAt: iso(session.expiresAt),
});

export const shownToken = (token: Token): TokenItem => ({
  id: token.id,
  kind: token.kind,
  entityRef: token.ref,
  title: token.title,
  ...(token.grants && { grants: token.grants }),
  createdBy: token.createdBy,
  createdAt: iso(token.createdAt),
  ...(token.expiresAt !== undefined && { expiresAt: iso(token.expiresAt) }),
  ...(token.usedAt !== undefined && { usedAt: iso(token.usedAt) }),
  ...(token.usedFrom !== undefined && { usedFrom: token.usedFrom }),
});

export const shownUser = (user: User, locked: ReadonlySet<string>): UserItem => ({
  entityRef: user.ref,
  ...(user.ref.startsWith('user:default/') && { name: nameOf(user.ref) }),
  title: user.title,
  ...(user.email !== undefined && { email: user.email }),
  origin: user.origin,
  administrator: user.administrator,
  disabled: user.disabled,
  hasPassword: user.hasPassword,
  locked: locked.has(nameOf(user.ref)),
  createdAt: iso(user.createdAt),
  ...(user.signedInAt !== undefined && { signedInAt: iso(user.signedInAt) }),
});
