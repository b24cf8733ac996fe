import type { JsonObject } from '@callboard/model';
import type { SignInState } from '@callboard/model/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '../../../core/errors/index.ts';
import { accessErrors } from '../errors.ts';
import type { Provider } from './config.ts';
import type { SignInContext } from './context.ts';
import { type Identity, readIdentity, resolveIdentity } from './people.ts';
import { hashOf, isSame, randomSecret } from './secrets.ts';

type Exchange = { request: FastifyRequest; reply: FastifyReply };
const flowMs = 10 * 60_000;

/** Where providers with a form of their own are known by: their plugin's handlers. */
export type Way = { provider: Provider; name: string; kind: 'password' | 'redirect' };

/** Signing in at identity providers, through plugins. */
export function createJourneys(context: SignInContext, ways: readonly Way[]) {
  const { config, passing, cookies, now, log } = context;

  const wayOf = (method: string, kind: Way['kind']): Way => {
    const way = ways.find(({ provider }) => provider.id === method);
    if (way?.kind !== kind) throw accessErrors.methodNotFound({ method: method.slice(0, 50) });
    return way;
  };

  /** The reason is for whoever runs the portal: it may name addresses within the company, and whoever asks is not known yet. */
  const failed = ({ provider: { id, title } }: Way, reason: string, cause?: unknown) => {
    log.warn({ provider: id, reason }, 'an identity provider did not sign somebody in');
    return accessErrors.providerFailed({ title }, { cause });
  };

  async function ask(way: Way, step: string, input: JsonObject): Promise<unknown> {
    const { provider, name } = way;
    try {
      return await context
        .providers()
        .call(provider.plugin, `signIn/${name}/${step}`, { settings: provider.settings, ...input });
    } catch (error) {
      const reason = (error as Error).message.replace(/^.*?: /s, '').slice(0, 300);
      throw failed(way, reason, error);
    }
  }

  /** The portal's own address as this browser knows it. Beyond this machine it must be configured: a header can say anything. */
  const own = (request: FastifyRequest): string => context.baseUrl ?? `http://${request.headers.host}`;
  const callback = (request: FastifyRequest, method: string) => `${own(request)}/api/access/sign-in/${method}/callback`;

  return {
    methods: (): SignInState['methods'] => [
      ...ways.map(({ provider, kind }) => ({ id: provider.id, title: provider.title, kind })),
      ...(config.configured && config.local ? [{ id: 'local', title: 'Password', kind: 'password' as const }] : []),
      ...(config.configured && config.guest ? [{ id: 'guest', title: 'Guest', kind: 'guest' as const }] : []),
    ],
    provider: (method: string): Provider => wayOf(method, 'redirect').provider,

    /** Where to send the browser. What comes back counts in this browser only, once, and not for long. */
    async begin(method: string, returnTo: string, { request, reply }: Exchange): Promise<string> {
      const way = wayOf(method, 'redirect');
      const state = randomSecret();
      const browser = randomSecret();
      const answer = (await ask(way, 'begin', { callbackUrl: callback(request, method), state })) as {
        redirect?: unknown;
        remember?: JsonObject;
      } | null;
      const redirect = answer?.redirect;
      if (typeof redirect !== 'string' || !/^https?:\/\//.test(redirect))
        throw failed(way, 'it has no address to go to');
      await passing.addFlow(hashOf(state), {
        provider: method,
        browser: hashOf(browser),
        returnTo,
        remember: answer?.remember ?? {},
        expiresAt: now() + flowMs,
      });
      cookies.flow.set(reply, browser, flowMs);
      return redirect;
    },

    async finish(method: string, { request, reply }: Exchange): Promise<{ identity: Identity; returnTo: string }> {
      const way = wayOf(method, 'redirect');
      const { state } = request.query as { state?: unknown };
      const browser = cookies.flow.read(request);
      cookies.flow.clear(reply);
      const flow = typeof state === 'string' ? await passing.takeFlow(hashOf(state)) : undefined;
      if (!flow || browser === undefined || flow.provider !== method || flow.expiresAt <= now())
        throw accessErrors.flowInvalid();
      if (!isSame(hashOf(browser), flow.browser)) throw accessErrors.flowInvalid();
      const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
      const identity = readIdentity(
        await ask(way, 'finish', {
          url: `${callback(request, method)}${query}`,
          state: String(state),
          remember: flow.remember,
        }),
      );
      if (!identity) throw failed(way, 'it did not say who somebody is');
      return { identity, returnTo: flow.returnTo };
    },

    /** Who has this name and password at a provider. */
    async verify(
      method: string,
      username: string,
      password: string,
    ): Promise<{ userRef: string; claims: string[] } | undefined> {
      const way = wayOf(method, 'password');
      const identity = readIdentity(await ask(way, 'verify', { username, password }));
      if (!identity) return undefined;
      const userRef = await resolveIdentity(
        {
          users: context.users,
          directory: context.directory(),
          resolvers: way.provider.resolvers ?? config.resolvers,
          unknownUsers: config.unknownUsers,
          now,
        },
        method,
        identity,
      );
      return { userRef, claims: identity.groups };
    },

    /** Where to sign out at the provider as well; the session here is over whatever it says. */
    async end(method: string, request: FastifyRequest): Promise<string | undefined> {
      const way = ways.find(({ provider, kind }) => provider.id === method && kind === 'redirect');
      if (!way) return undefined;
      const answer = (await ask(way, 'end', { returnUrl: `${own(request)}/sign-in` }).catch(() => null)) as {
        redirect?: unknown;
      } | null;
      return typeof answer?.redirect === 'string' && /^https?:\/\//.test(answer.redirect) ? answer.redirect : undefined;
    },

    /** The sign-in page with the code of what went wrong. No words: whoever makes up a link must not put some into our mouth. */
    failurePage: ({ code }: AppError): string => `/sign-in?error=${code}`,
  };
}

export type Journeys = ReturnType<typeof createJourneys>;
