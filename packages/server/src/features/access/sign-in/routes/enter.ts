import {
  ResetBody,
  SetupBody,
  SignInBody,
  SignInMethodPath,
  SignInStart,
  SignInState,
  SignOutResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import { AppError } from '../../../../core/errors/index.ts';
import type { HttpServer } from '../../../../core/http/index.ts';
import { accessErrors } from '../../errors.ts';
import type { SignInContext } from '../context.ts';
import { enter, leave } from '../enter.ts';
import type { Journeys } from '../journeys.ts';
import { resolveIdentity } from '../people.ts';
import { safeReturn } from '../return-to.ts';
import type { UserActions } from '../users.ts';

export type EnterParts = {
  context: SignInContext;
  actions: UserActions;
  journeys: Journeys;
  isSignedIn(request: object): boolean;
};

const config = { permission: 'none' };
const tags = ['access'];
const done = Type.Null({ description: 'Done; the session is in the cookie.' });

/** How people get in and out. None of these needs a permission: whoever comes here is not known yet. */
export function registerEnter(http: HttpServer, parts: EnterParts): void {
  const { context, actions, journeys } = parts;
  const { addresses, limits } = context;

  http.get(
    '/api/access/sign-in',
    {
      config,
      schema: { operationId: 'GetSignIn', tags, summary: 'The ways to sign in', response: { 200: SignInState } },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      return {
        required: context.config.configured,
        signedIn: parts.isSignedIn(request),
        methods: journeys.methods(),
      };
    },
  );

  http.post(
    '/api/access/sign-in/guest',
    {
      config,
      schema: {
        operationId: 'SignInAsGuest',
        tags,
        summary: 'Go on without saying who you are',
        response: { 204: done },
      },
    },
    async (request, reply) => {
      if (!journeys.methods().some(({ kind }) => kind === 'guest'))
        throw accessErrors.methodNotFound({ method: 'guest' });
      const who = { userRef: 'user:default/guest', provider: 'guest', kind: 'guest' as const, claims: [] };
      await enter(context, { request, reply }, who);
      return reply.code(204).send(null);
    },
  );

  http.post(
    '/api/access/sign-in/:method',
    {
      config,
      schema: {
        operationId: 'SignIn',
        tags,
        summary: 'Sign in with name and password',
        params: SignInMethodPath,
        body: SignInBody,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const { method } = request.params;
      const way = journeys.methods().find(({ id }) => id === method);
      if (way?.kind !== 'password') throw accessErrors.methodNotFound({ method: method.slice(0, 50) });
      const { username, password } = request.body;
      const address = addresses.clientOf(request);
      const name = username.trim();
      await limits.assertOpen(name, address);
      const found =
        method === 'local'
          ? await actions.verify(name, password).then((user) => user && { userRef: user.ref, claims: [] as string[] })
          : await journeys.verify(method, name, password);
      if (!found) {
        await limits.failed(name, address);
        request.log.warn({ method, address }, 'a sign-in failed');
        throw accessErrors.signInFailed();
      }
      await limits.succeeded(name, address);
      await enter(context, { request, reply }, { ...found, provider: method, kind: 'user' });
      return reply.code(204).send(null);
    },
  );

  http.get(
    '/api/access/sign-in/:method/start',
    {
      config,
      schema: {
        operationId: 'StartSignIn',
        tags,
        summary: 'Go to an identity provider to sign in',
        params: SignInMethodPath,
        querystring: SignInStart,
        response: { 302: Type.Null({ description: 'To the provider, or back to the sign-in page with the reason.' }) },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const { method } = request.params;
      try {
        return reply.redirect(
          await journeys.begin(method, safeReturn(request.query.returnTo), { request, reply }),
          302,
        );
      } catch (error) {
        // Somebody has clicked here: a page tells more than an answer for programs.
        if (!(error instanceof AppError) || error.code !== 'ACCESS_PROVIDER_FAILED') throw error;
        return reply.redirect(journeys.failurePage(error), 302);
      }
    },
  );

  http.get(
    '/api/access/sign-in/:method/callback',
    {
      config: { ...config, audit: 'always' },
      schema: {
        operationId: 'FinishSignIn',
        tags,
        summary: 'Where identity providers send people back to',
        params: SignInMethodPath,
        querystring: Type.Object({}, { additionalProperties: true }),
        response: {
          302: Type.Null({
            description: 'To the page where the sign-in began, or back to the sign-in page with the reason.',
          }),
        },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const { method } = request.params;
      try {
        const { identity, returnTo } = await journeys.finish(method, { request, reply });
        const userRef = await resolveIdentity(
          {
            users: context.users,
            directory: context.directory(),
            resolvers: journeys.provider(method).resolvers ?? context.config.resolvers,
            unknownUsers: context.config.unknownUsers,
            now: context.now,
          },
          method,
          identity,
        );
        await enter(context, { request, reply }, { userRef, provider: method, kind: 'user', claims: identity.groups });
        return reply.redirect(returnTo, 302);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        request.log.warn({ method: method.slice(0, 50), code: error.code, reason: error.message }, 'a sign-in failed');
        request.auditResult = 'refused';
        request.auditDetail = { code: error.code, reason: error.message };
        return reply.redirect(journeys.failurePage(error), 302);
      }
    },
  );

  http.post(
    '/api/access/sign-out',
    {
      config,
      schema: { operationId: 'SignOut', tags, summary: 'End this session', response: { 200: SignOutResponse } },
    },
    async (request, reply) => {
      const session = await leave(context, request, reply);
      const redirect = session && (await journeys.end(session.provider, request));
      return redirect === undefined ? {} : { redirect };
    },
  );

  http.post(
    '/api/access/setup',
    {
      config,
      schema: {
        operationId: 'SetUpAdministrator',
        tags,
        summary: 'Become the first administrator, with the code that the start has printed',
        body: SetupBody,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const address = addresses.clientOf(request);
      await limits.assertOpen('', address);
      const userRef = await actions.setUp(request.body).catch(async (error: unknown) => {
        if ((error as AppError).code === 'ACCESS_LINK_INVALID') await limits.failed('', address);
        throw error;
      });
      await enter(context, { request, reply }, { userRef, provider: 'local', kind: 'user', claims: [] });
      return reply.code(204).send(null);
    },
  );

  http.post(
    '/api/access/password/reset',
    {
      config,
      schema: {
        operationId: 'ResetPassword',
        tags,
        summary: 'Choose a password with a one-time code, and sign in',
        body: ResetBody,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const address = addresses.clientOf(request);
      await limits.assertOpen('', address);
      const userRef = await actions
        .choosePassword(request.body.code, request.body.password)
        .catch(async (error: unknown) => {
          if ((error as AppError).code === 'ACCESS_LINK_INVALID') await limits.failed('', address);
          throw error;
        });
      await enter(context, { request, reply }, { userRef, provider: 'local', kind: 'user', claims: [] });
      return reply.code(204).send(null);
    },
  );
}
