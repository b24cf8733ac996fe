import {
  AccessIdPath,
  NewServiceTokenBody,
  NewToken,
  NewUserBody,
  NewUserResponse,
  OneTimeLink,
  SessionList,
  TokenList,
  UserChange,
  UserItem,
  UserList,
  UserPath,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../../core/http/index.ts';
import { accessErrors } from '../../errors.ts';
import { policyErrors } from '../../policy/errors.ts';
import type { Principal } from '../../principal.ts';
import type { SignInContext } from '../context.ts';
import type { Limits } from '../limits.ts';
import { shownSession, shownToken, shownUser } from '../present.ts';
import type { TokenActions } from '../token-actions.ts';
import type { UserActions } from '../users.ts';

export type ManageParts = {
  context: SignInContext;
  actions: UserActions;
  tokenActions: TokenActions;
  limits: Limits;
  principalOf(request: FastifyRequest): Principal;
  /** The address of a one-time link as the person who asks reaches the portal */
  linkOf(code: string, request: FastifyRequest): string;
};

const tags = ['access'];
const users = { permission: 'access.user.manage' };
const sessionsOf = { permission: 'access.session.manage' };
const tokensOf = { permission: 'access.token.manage' };
const gone = Type.Null({ description: 'Done.' });
const iso = (at: number) => new Date(at).toISOString();
const refOf = ({ namespace, name }: { namespace: string; name: string }) => `user:${namespace}/${name}`.toLowerCase();

/** What administrators do with users, sessions and tokens of others. */
export function registerManage(http: HttpServer, parts: ManageParts): void {
  const { context, actions, principalOf } = parts;

  http.get(
    '/api/access/users',
    {
      config: users,
      schema: {
        operationId: 'GetUsers',
        tags,
        summary: 'Everybody who may sign in or has',
        response: { 200: UserList },
      },
    },
    async () => {
      const locked = await parts.limits.lockedNames();
      return { items: (await context.users.all()).map((user) => shownUser(user, locked)) };
    },
  );
  http.post(
    '/api/access/users',
    {
      config: users,
      schema: {
        operationId: 'CreateUser',
        tags,
        summary: 'Add a local user; the link lets them choose a password',
        body: NewUserBody,
        response: { 201: NewUserResponse },
      },
    },
    async (request, reply) => {
      assertMayCrown(principalOf(request), request.body.administrator);
      const { ref, code, expiresAt } = await actions.add(request.body);
      const item = shownUser((await context.users.get(ref))!, new Set());
      void reply.header('cache-control', 'no-store');
      return reply.code(201).send({ item, link: parts.linkOf(code, request), expiresAt: iso(expiresAt) });
    },
  );
  http.put(
    '/api/access/users/:namespace/:name',
    {
      config: users,
      schema: {
        operationId: 'ChangeUser',
        tags,
        summary: 'Rename a user, switch the account off or on, make an administrator',
        params: UserPath,
        body: UserChange,
        response: { 200: UserItem },
      },
    },
    async (request) => {
      const ref = refOf(request.params);
      await assertMayTouch(principalOf(request), ref);
      assertMayCrown(principalOf(request), request.body.administrator);
      return shownUser(await actions.change(ref, request.body), await parts.limits.lockedNames());
    },
  );
  http.post(
    '/api/access/users/:namespace/:name/reset',
    {
      config: users,
      schema: {
        operationId: 'ResetUser',
        tags,
        summary: 'Lift the locks of a user and make a link for a new password',
        params: UserPath,
        response: { 200: OneTimeLink },
      },
    },
    async (request, reply) => {
      const ref = refOf(request.params);
      await assertMayTouch(principalOf(request), ref);
      const { code, expiresAt } = await actions.reset(ref);
      void reply.header('cache-control', 'no-store');
      return { link: parts.linkOf(code, request), expiresAt: iso(expiresAt) };
    },
  );
  http.delete(
    '/api/access/users/:namespace/:name',
    {
      config: users,
      schema: {
        operationId: 'DeleteUser',
        tags,
        summary: 'Remove a user with their sessions and tokens',
        params: UserPath,
        response: { 204: gone },
      },
    },
    async (request, reply) => {
      const ref = refOf(request.params);
      await assertMayTouch(principalOf(request), ref);
      await actions.remove(ref);
      return reply.code(204).send(null);
    },
  );

  http.get(
    '/api/access/all/sessions',
    {
      config: sessionsOf,
      schema: { operationId: 'GetAllSessions', tags, summary: 'Everybody’s sessions', response: { 200: SessionList } },
    },
    async (request) => {
      const { via } = principalOf(request);
      const current = via.type === 'session' ? via.id : undefined;
      return { items: (await context.sessions.list()).map((session) => shownSession(session, current)) };
    },
  );
  http.delete(
    '/api/access/all/sessions/:id',
    {
      config: sessionsOf,
      schema: {
        operationId: 'EndAnySession',
        tags,
        summary: 'End somebody’s session',
        params: AccessIdPath,
        response: { 204: gone },
      },
    },
    async (request, reply) => {
      if ((await context.sessions.endById(request.params.id)) === 0) throw accessErrors.sessionNotFound();
      return reply.code(204).send(null);
    },
  );

  http.get(
    '/api/access/all/tokens',
    {
      config: tokensOf,
      schema: { operationId: 'GetAllTokens', tags, summary: 'All tokens', response: { 200: TokenList } },
    },
    async () => ({ items: (await context.tokens.list()).map(shownToken) }),
  );
  http.post(
    '/api/access/all/tokens',
    {
      config: tokensOf,
      schema: {
        operationId: 'CreateServiceToken',
        tags,
        summary: 'Make a token for a program, with some of what you may do',
        body: NewServiceTokenBody,
        response: { 201: NewToken },
      },
    },
    async (request, reply) => {
      const { token, item } = await parts.tokenActions.service(principalOf(request), request.body);
      void reply.header('cache-control', 'no-store');
      return reply.code(201).send({ token, item: shownToken(item) });
    },
  );
  http.delete(
    '/api/access/all/tokens/:id',
    {
      config: tokensOf,
      schema: {
        operationId: 'RevokeAnyToken',
        tags,
        summary: 'Revoke a token',
        params: AccessIdPath,
        response: { 204: gone },
      },
    },
    async (request, reply) => {
      if (!(await context.tokens.revoke(request.params.id))) throw accessErrors.tokenNotFound();
      return reply.code(204).send(null);
    },
  );

  const isAdministrator = ({ kind, administrator }: Principal) =>
    kind === 'local-administrator' || administrator === true;

  /** Whoever manages users is not thereby able to become administrator, or to take over the account of one. */
  function assertMayCrown(principal: Principal, administrator: boolean | undefined): void {
    if (administrator !== undefined && !isAdministrator(principal) && !context.may(principal, 'access.policy.manage'))
      throw policyErrors.notAllowed({
        permission: 'access.policy.manage',
        principal: principal.title,
        roles: 'An administrator has it.',
      });
  }
  async function assertMayTouch(principal: Principal, ref: string): Promise<void> {
    const user = await context.users.get(ref);
    if (user?.administrator) assertMayCrown(principal, true);
  }
}
