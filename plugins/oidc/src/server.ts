import { definePlugin, type Host, type SignIn } from '@callboard/plugin-api';
import * as client from 'openid-client';
import { type Settings, settingsOf } from './settings.ts';

/** Answers of the portal's way out, in the form that the library takes. */
const fetchThrough =
  (host: Host): client.CustomFetch =>
  async (url, options) => {
    const answer = await host.fetch(url, {
      method: options.method,
      headers: options.headers,
      body: options.body instanceof URLSearchParams ? options.body.toString() : (options.body as string | undefined),
      signal: options.signal,
    });
    const isEmpty = answer.status === 204 || answer.status === 304;
    return new Response(isEmpty ? null : answer.text(), { status: answer.status, headers: answer.headers });
  };

const isLoopback = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

/** What went wrong at the bottom: libraries wrap it in words that say nothing. */
const innermost = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error
    ? innermost(error.cause)
    : (error as Error).message || 'it gave no reason';

/** The provider's own description of itself, asked again after an hour: keys and addresses change. */
function createDiscovery(host: Host) {
  const known = new Map<string, { until: number; configuration: Promise<client.Configuration> }>();
  return (settings: Settings): Promise<client.Configuration> => {
    const key = JSON.stringify([settings.address.href, settings.clientId, settings.clientSecret]);
    const found = known.get(key);
    if (found && found.until > Date.now()) return found.configuration;
    const { address } = settings;
    const configuration = client.discovery(
      address,
      settings.clientId,
      {
        client_secret: settings.clientSecret,
        ...(settings.algorithm && { id_token_signed_response_alg: settings.algorithm }),
      },
      settings.clientSecret === undefined
        ? client.None()
        : settings.authentication === 'post'
          ? client.ClientSecretPost(settings.clientSecret)
          : client.ClientSecretBasic(settings.clientSecret),
      {
        [client.customFetch]: fetchThrough(host),
        timeout: 8,
        // Without TLS on this machine only, where nobody is in between.
        ...(address.protocol === 'http:' && isLoopback(address) ? { execute: [client.allowInsecureRequests] } : {}),
      },
    );
    const told = configuration.catch((error: unknown) => {
      // A provider that was away is asked again at the next try.
      known.delete(key);
      throw new Error(`${address.href} does not say what it is: ${innermost(error)}`, { cause: error });
    });
    known.set(key, { until: Date.now() + 3_600_000, configuration: told });
    return told;
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A claim by its name or by a path of names, such as `realm_access.roles`. */
export function claimAt(claims: Record<string, unknown>, path: string): unknown {
  if (path in claims) return claims[path];
  let value: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

const listOf = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((entry) => typeof entry === 'string')
    .slice(0, 500);

/** Says in one line why a provider refused, without anything secret. */
function refusal(error: unknown): Error {
  const {
    error: code,
    error_description: description,
    cause,
  } = error as {
    error?: string;
    error_description?: string;
    cause?: { error?: string; error_description?: string; message?: string };
  };
  const said = [code ?? cause?.error, description ?? cause?.error_description].filter(Boolean).join(': ');
  return new Error(said || innermost(error));
}

function createSignIn(host: Host): SignIn {
  const discover = createDiscovery(host);
  return {
    async begin({ settings: given, callbackUrl, state }) {
      const settings = settingsOf(given);
      const configuration = await discover(settings);
      const verifier = client.randomPKCECodeVerifier();
      const nonce = client.randomNonce();
      const redirect = client.buildAuthorizationUrl(configuration, {
        redirect_uri: callbackUrl,
        scope: settings.scopes.join(' '),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        response_type: 'code',
        state,
        nonce,
        ...(settings.prompt && { prompt: settings.prompt }),
        ...settings.parameters,
      });
      return { redirect: redirect.href, remember: { verifier, nonce } };
    },
    async finish({ settings: given, url, state, remember }) {
      const settings = settingsOf(given);
      const configuration = await discover(settings);
      try {
        const tokens = await client.authorizationCodeGrant(configuration, new URL(url), {
          pkceCodeVerifier: text(remember?.['verifier']),
          expectedNonce: text(remember?.['nonce']),
          expectedState: state,
          idTokenExpected: true,
        });
        const signed = tokens.claims()!;
        const further =
          settings.userInfo && configuration.serverMetadata().userinfo_endpoint
            ? await client.fetchUserInfo(configuration, tokens.access_token, signed.sub)
            : {};
        const claims: Record<string, unknown> = { ...further, ...signed };
        const verified = claims['email_verified'];
        return {
          subject: signed.sub,
          username: text(claimAt(claims, settings.usernameClaim)),
          name: text(claims['name']),
          email: text(claims['email']),
          ...(typeof verified === 'boolean' ? { emailVerified: verified } : {}),
          groups: listOf(claimAt(claims, settings.groupsClaim)),
        };
      } catch (error) {
        throw refusal(error);
      }
    },
    async end({ settings: given, returnUrl }) {
      const configuration = await discover(settingsOf(given));
      if (!configuration.serverMetadata().end_session_endpoint) return null;
      return { redirect: client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnUrl }).href };
    },
  };
}

export default definePlugin({ setup: (host) => ({ signIn: { oidc: createSignIn(host) } }) });
