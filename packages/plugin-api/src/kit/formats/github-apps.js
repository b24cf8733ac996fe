import { createPrivateKey, sign } from 'node:crypto';
import { pemOf, recordsOf } from '../settings.js';

const timeoutMs = 8_000;
/** A token is used up to so long before its end. */
const marginMs = 300_000;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const fault = (message, fix) => Object.assign(new Error(message), { code: 'TOKEN', fix });

export const appsOf = (given) =>
  recordsOf(given).flatMap((each) => {
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

export function appToken({ id, privateKey }, name) {
  const seconds = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: id })}`;
  try {
    const key = createPrivateKey(pemOf(privateKey));
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
  } catch {
    throw fault(`the private key of the app ${id} of ${name} is no PEM text`, 'Paste the whole file that GitHub gave.');
  }
}

export function createAppTokens(host) {
  const known = new Map();
  const getting = new Map();

  const ask = ({ name, api, tls }, app, method, path) =>
    host.fetch(`${api}${path}`, {
      method,
      tls,
      timeoutMs,
      headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${appToken(app, name)}` },
    });

  async function installed(target, app, project) {
    const found = await ask(target, app, 'GET', `/repos/${project}/installation`);
    if (found.status === 404) return undefined;
    const id = found.ok ? found.json().id : undefined;
    const made =
      typeof id === 'number' ? await ask(target, app, 'POST', `/app/installations/${id}/access_tokens`) : found;
    if (!made.ok) {
      const why = made.status === 401 ? 'does not take its key' : `answered ${made.status}`;
      throw fault(
        `${target.name} gives no token to the app ${app.id}: it ${why}`,
        'Check the id and the key of the app.',
      );
    }
    const { token, expires_at: end } = made.json();
    if (typeof token !== 'string')
      throw fault(`${target.name} gave no token to the app ${app.id}`, 'Look at the host.');
    const until = Date.parse(String(end));
    const key = `${target.api} ${app.id} ${project.split('/')[0]}`;
    known.set(key, { token, until: Number.isNaN(until) ? Date.now() + 2 * marginMs : until });
    return token;
  }

  return {
    ask,
    async tokenFor(target, project) {
      const owner = project.split('/')[0];
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
