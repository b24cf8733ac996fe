import { createHash, randomBytes } from 'node:crypto';
import type { Host, SignIn } from '@callboard/plugin-api';
import { list, record, textOf } from './json.ts';

type Settings = { site: string; api: string; clientId: string; clientSecret: string; organizations: string[] };

/** @throws Error that names the setting which is missing */
function settingsOf(given: Record<string, unknown>): Settings {
  const text = (key: string) => (typeof given[key] === 'string' && given[key] !== '' ? given[key] : undefined);
  const needed = (key: string) => {
    const value = text(key);
    if (value === undefined) throw new Error(`settings.${key} is missing`);
    return value;
  };
  const site = (text('url') ?? 'https://github.com').replace(/\/$/, '');
  const { organizations } = given;
  return {
    site,
    // An instance of one's own has its API below its address.
    api: (text('apiUrl') ?? (site === 'https://github.com' ? 'https://api.github.com' : `${site}/api/v3`)).replace(
      /\/$/,
      '',
    ),
    clientId: needed('clientId'),
    clientSecret: needed('clientSecret'),
    organizations: Array.isArray(organizations) ? organizations.map((name) => String(name).toLowerCase()) : [],
  };
}

/** Signs people in by OAuth, with PKCE and state. */
export function createSignIn(host: Host): SignIn {
  async function tokenFor(settings: Settings, code: string, verifier: string, callbackUrl: string): Promise<string> {
    const answer = await host.fetch(`${settings.site}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        code,
        redirect_uri: callbackUrl,
        code_verifier: verifier,
      }).toString(),
      timeoutMs: 8_000,
    });
    const body = record(answer.json());
    const token = textOf(body['access_token']);
    if (token === undefined)
      throw new Error(textOf(body['error_description']) ?? `it answered with status ${answer.status}`);
    return token;
  }

  /** What an address of the API says; nothing where the account or the app may not ask. */
  async function ask(settings: Settings, path: string, token: string): Promise<unknown> {
    const answer = await host.fetch(`${settings.api}${path}`, {
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
      timeoutMs: 8_000,
    });
    return answer.ok ? answer.json() : undefined;
  }

  return {
    async begin({ settings: given, callbackUrl, state }) {
      const settings = settingsOf(given);
      const verifier = randomBytes(32).toString('base64url');
      const redirect = new URL(`${settings.site}/login/oauth/authorize`);
      redirect.search = new URLSearchParams({
        client_id: settings.clientId,
        redirect_uri: callbackUrl,
        scope: 'read:user user:email read:org',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return { redirect: redirect.href, remember: { verifier, callbackUrl } };
    },
    async finish({ settings: given, url, remember }) {
      const settings = settingsOf(given);
      const query = new URL(url).searchParams;
      const code = query.get('code');
      if (!code) throw new Error(query.get('error_description') ?? query.get('error') ?? 'it gave no code');
      const token = await tokenFor(
        settings,
        code,
        textOf(remember?.['verifier']) ?? '',
        textOf(remember?.['callbackUrl']) ?? '',
      );
      const [user, emails, organizations, teams] = await Promise.all([
        ask(settings, '/user', token),
        ask(settings, '/user/emails', token),
        ask(settings, '/user/orgs?per_page=100', token),
        ask(settings, '/user/teams?per_page=100', token),
      ]);
      const person = record(user);
      if (typeof person['id'] !== 'number') throw new Error('it did not say who you are');
      const names = list(organizations).flatMap((each) => textOf(each['login']) ?? []);
      if (
        settings.organizations.length > 0 &&
        !names.some((name) => settings.organizations.includes(name.toLowerCase()))
      )
        throw new Error('you are in none of the organizations that may use this portal');
      // Addresses that are not verified belong to nobody.
      const address = list(emails).find((each) => each['primary'] === true && each['verified'] === true);
      const inScope = (team: Record<string, unknown>) =>
        settings.organizations.length === 0 ||
        settings.organizations.includes(String(textOf(record(team['organization'])['login'])).toLowerCase());
      return {
        subject: String(person['id']),
        username: textOf(person['login']),
        name: textOf(person['name']),
        email: textOf(address?.['email']),
        groups: [
          ...names,
          ...list(teams)
            .filter(inScope)
            .flatMap((team) => textOf(team['slug']) ?? []),
        ],
      };
    },
  };
}
