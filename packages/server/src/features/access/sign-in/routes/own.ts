import {
  AccessIdPath,
  IdentityToken,
  NewToken,
  NewTokenBody,
  PasswordBody,
  PrincipalResponse,
  SessionList,
  TokenList,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../../core/http/index.ts';
import { accessErrors } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { SignInContext } from '../context.ts';
import { enter } from '../enter.ts';
import type { IdentityTokens } from '../identity-tokens.ts';
import type { Limits } from '../limits.ts';
import { groupsOf } from '../people.ts';
import { shownSession, shownToken } from '../present.ts';
import type { TokenActions } from '../token-actions.ts';
import { nameOf, type UserActions } from '../users.ts';

export type OwnParts = {
  context: SignInContext;
  actions: UserActions;
  tokenActions: TokenActions;
  identityTokens: IdentityTokens;
  limits: Limits;
  principalOf(request: FastifyRequest): Principal;
};

const tags = ['access'];
const own = { permission: 'access.token.own' };
const gone = Type.Null({ description: 'It is over.' });

/** What people see and do of their own: who they are, their sessions, tokens and password. Nobody can name somebody else here. */
export function registerOwn(http: HttpServer, parts: OwnParts): void {
  const { context, principalOf } = parts;
  const { config, sessions, tokens, users } = context;

  http.get(
    '/api/access/me',
    {
      config: { permission: 'none' },
      schema: {
        operationId: 'GetPrincipal',
        tags,
        summary: 'Who the portal takes you for',
        response: { 200: PrincipalResponse },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const principal = principalOf(request);
      const { ref, title, kind, claims, via } = principal;
      if (!config.configured) return { entityRef: ref, title, kind };
      const user = kind === 'user' ? await users.get(ref) : undefined;
      return {
        entityRef: ref,
        title,
        kind,
        ...(principal.administrator && { administrator: true }),
        hasPassword: user?.hasPassword ?? false,
        canSignOut: via.type === 'session',
        canSignIn: kind === 'guest',
        groups: (kind === 'user' ? await groupsOf(context.directory(), ref, claims) : []).map((group) => ({
          entityRef: group.ref,
          source: group.source,
        })),
      };
    },
  );

  http.get(
    '/api/access/sessions',
    {
      config: own,
      schema: { operationId: 'GetSessions', tags, summary: 'Where you are signed in', response: { 200: SessionList } },
    },
    async (request) => {
      const { ref, kind, via } = principalOf(request);
      const list = kind === 'user' ? await sessions.list(ref) : [];
      return { items: list.map((session) => shownSession(session, via.type === 'session' ? via.id : undefined)) };
    },
  );

  http.delete(
    '/api/access/sessions/:id',
    {
      config: own,
      schema: {
        operationId: 'EndSession',
        tags,
        summary: 'Sign out somewhere',
        params: AccessIdPath,
        response: { 204: gone },
      },
    },
    async (request, reply) => {
      if ((await sessions.endById(request.params.id, principalOf(request).ref)) === 0)
        throw accessErrors.sessionNotFound();
      return reply.code(204).send(null);
    },
  );

  http.put(
    '/api/access/password',
    {
      config: own,
      schema: {
        operationId: 'ChangePassword',
        tags,
        summary: 'Change your password; every other session ends',
        body: PasswordBody,
        response: { 204: Type.Null({ description: 'Changed.' }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.via.type !== 'session' || principal.kind !== 'user') throw accessErrors.notForTokens();
      const address = context.addresses.clientOf(request);
      const name = nameOf(principal.ref);
      await parts.limits.assertOpen(name, address);
      try {
        await parts.actions.changePassword(principal.ref, request.body.current, request.body.password);
      } catch (error) {
        if ((error as { code?: string }).code === 'ACCESS_SIGN_IN_FAILED') await parts.limits.failed(name, address);
        throw error;
      }
      await enter(
        context,
        { request, reply },
        { userRef: principal.ref, provider: 'local', kind: 'user', claims: [...principal.claims] },
      );
      return reply.code(204).send(null);
    },
  );

  http.get(
    '/api/access/tokens',
    {
      config: own,
      schema: { operationId: 'GetTokens', tags, summary: 'Your tokens', response: { 200: TokenList } },
    },
    async (request) => ({ items: (await tokens.list(principalOf(request).ref)).map(shownToken) }),
  );

  http.post(
    '/api/access/tokens',
    {
      config: own,
      schema: {
        operationId: 'CreateToken',
        tags,
        summary: 'Make a token that acts as you, with all or some of what you may do',
        body: NewTokenBody,
        response: { 201: NewToken },
      },
    },
    async (request, reply) => {
      const { token, item } = await parts.tokenActions.personal(principalOf(request), request.body);
      void reply.header('cache-control', 'no-store');
      return reply.code(201).send({ token, item: shownToken(item) });
    },
  );

  http.delete(
    '/api/access/tokens/:id',
    {
      config: own,
      schema: {
        operationId: 'RevokeToken',
        tags,
        summary: 'Revoke a token of yours',
        params: AccessIdPath,
        response: { 204: gone },
      },
    },
    async (request, reply) => {
      if (!(await tokens.revoke(request.params.id, principalOf(request).ref))) throw accessErrors.tokenNotFound();
      return reply.code(204).send(null);
    },
  );

  http.post(
    '/api/access/identity-token',
    {
      config: own,
      schema: {
        operationId: 'CreateIdentityToken',
        tags,
        summary: 'A signed token that says to other programs who you are',
        response: { 200: IdentityToken },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.kind !== 'user' || principal.grants) throw accessErrors.notForTokens();
      const { token, expiresAt } = await parts.identityTokens.sign(principal);
      void reply.header('cache-control', 'no-store');
      return { token, expiresAt: new Date(expiresAt).toISOString() };
    },
  );
}
