/** Tokens of GitHub apps, as `integrations.github` names them: one for each owner whose repositories an app is installed for. */
import { createPrivateKey, sign } from 'node:crypto';
import type { Host, HostTls } from '@callboard/plugin-api';

/** An app; with `owners` it is used for those only. */
export type App = { id: string; privateKey: string; owners?: string[] };
export type AppHost = { name: string; api: string; tls?: HostTls; apps: App[] };

const timeoutMs = 8_000;
/** A token is used up to so long before its end. */
const marginMs = 300_000;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const fault = (message: string, fix: string) => Object.assign(new Error(message), { code: 'TOKEN', fix });

/** The apps of an entry of `integrations.github`. */
export const appsOf = (given: unknown): App[] =>
  (Array.isArray(given) ? given : []).flatMap((each: Record<string, unknown>) => {
    const { appId, privateKey, allowedInstallationOwners: owners } = each;
    if ((typeof appId !== 'number' && typeof appId !== 'string') || typeof privateKey !== 'string') return [];
    return [
      {
        id: String(appId),
        privateKey,
        ...(Array.isArray(owners) && { owners: owners.map((owner) => String(owner).toLowerCase()) }),
      },
    ];
  });

/** By what an app says who it is: for nine minutes, as ten are the most and clocks differ. */
function appToken({ id, privateKey }: App, name: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: id })}`;
  try {
    // Line ends come as \\n out of variables of the environment.
    const key = createPrivateKey(privateKey.replaceAll(String.raw`\n`, '\n'));
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
  } catch {
    throw fault(`the private key of the app ${id} of ${name} is no PEM text`, 'Paste the whole file that GitHub gave.');
  }
}

/** Gets tokens of apps, and keeps them while they last. */
export function createAppTokens(host: Host) {
  const known = new Map<string, { token: string; until: number }>();
  const getting = new Map<string, Promise<string | undefined>>();

  const ask = ({ name, api, tls }: AppHost, app: App, method: string, path: string) =>
    host.fetch(`${api}${path}`, {
      method,
      tls,
      timeoutMs,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${appToken(app, name)}` },
    });

  async function installed(target: AppHost, app: App, project: string): Promise<string | undefined> {
    const found = await ask(target, app, 'GET', `/repos/${project}/installation`);
    if (found.status === 404) return undefined;
    const id = found.ok ? (found.json() as { id?: unknown }).id : undefined;
    const made =
      typeof id === 'number' ? await ask(target, app, 'POST', `/app/installations/${id}/access_tokens`) : found;
    if (!made.ok) {
      const why = made.status === 401 ? 'does not take its key' : `answered ${made.status}`;
      throw fault(
        `${target.name} gives no token to the app ${app.id}: it ${why}`,
        'Check the id and the key of the app.',
      );
    }
    const { token, expires_at: end } = made.json() as { token?: unknown; expires_at?: unknown };
    if (typeof token !== 'string')
      throw fault(`${target.name} gave no token to the app ${app.id}`, 'Look at the host.');
    const until = Date.parse(String(end));
    const key = `${target.api} ${app.id} ${project.split('/')[0]}`;
    known.set(key, { token, until: Number.isNaN(until) ? Date.now() + 2 * marginMs : until });
    return token;
  }

  return {
    /** Asks as an app itself. */
    ask,
    /** A token that may read a project. @throws Error in words when no app is installed where the project is */
    async tokenFor(target: AppHost, project: string): Promise<string> {
      const owner = project.split('/')[0]!;
      for (const app of target.apps.filter(({ owners }) => !owners || owners.includes(owner.toLowerCase()))) {
        const key = `${target.api} ${app.id} ${owner}`;
        const kept = known.get(key);
        if (kept && kept.until - marginMs > Date.now()) return kept.token;
        let answer = getting.get(key);
        if (!answer) {
          answer = installed(target, app, project).finally(() => getting.delete(key));
          getting.set(key, answer);
        }
        const token = await answer;
        if (token !== undefined) return token;
      }
      throw fault(
        `no app of ${target.name} is installed where ${project} is`,
        'Install it for this owner, or use a token.',
      );
    },
  };
}
