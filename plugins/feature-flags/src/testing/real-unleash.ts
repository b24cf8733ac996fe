/** A real Unleash where `UNLEASH_URL` points to one, and what one has answered elsewhere. */
import { readFile, writeFile } from 'node:fs/promises';

const file = new URL('unleash-8.2.0.json', import.meta.url);
type Answer = { status: number; headers: Record<string, string>; body: string };
type Recording = { at: string; answers: Record<string, Answer> };
type Sent = { method?: string; headers?: Record<string, string>; body?: string };
/** Whose token it is that asks; tokens themselves are not written down. */
export type Tokens = { viewer: string; client: string; nobody: string };

/** The address that stands in what is written down. */
const known = 'https://unleash.example.com';

/** Calls of a signed-in person, to put flags there. They may be there from another time. */
async function signIn(url: string, username: string, password: string) {
  const answer = await fetch(`${url}/auth/simple/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`${username} cannot sign in at ${url}: ${answer.status}`);
  const cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  return async (method: string, path: string, body?: unknown): Promise<any> => {
    const done = await fetch(`${url}/api/admin/${path}`, {
      method,
      headers: { cookie: cookie.join('; '), 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await done.text();
    if (!done.ok && done.status !== 409) throw new Error(`${method} ${path}: ${done.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

const password = 'A-viewer-0f-tests!';

/** Puts flags there, a person with the role Viewer, and a client's token. */
async function fill(url: string): Promise<Tokens> {
  const admin = await signIn(url, 'admin', process.env['UNLEASH_PASSWORD'] ?? 'unleash4all');
  const { users } = await admin('GET', 'user-admin');
  if (!users.some(({ username }: { username: string }) => username === 'portal'))
    await admin('POST', 'user-admin', { username: 'portal', rootRole: 3, password, sendEmail: false });
  const { tagTypes } = await admin('GET', 'tag-types');
  if (!tagTypes.some(({ name }: { name: string }) => name === 'component'))
    await admin('POST', 'tag-types', { name: 'component', description: 'Of the catalog' });
  const features = 'projects/default/features';
  for (const [name, type] of [
    ['given-up', 'release'],
    ['night-tow', 'release'],
    ['stop-all', 'kill-switch'],
  ])
    await admin('POST', features, { name, type });
  const here = `${features}/night-tow/environments/development`;
  const { strategies } = await admin('GET', here);
  if (strategies.length === 0) await admin('POST', `${here}/strategies`, { name: 'default', parameters: {} });
  await admin('POST', `${here}/on`);
  await admin('PATCH', `${features}/given-up`, [{ op: 'replace', path: '/stale', value: true }]);
  await admin('POST', 'features/stop-all/tags', { type: 'component', value: 'tug' });
  const viewer = await signIn(url, 'portal', password);
  const { secret } = await viewer('POST', 'user/tokens', {
    description: `test ${Date.now()}`,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const client = await admin('POST', 'api-tokens', {
    tokenName: `test ${Date.now()}`,
    type: 'client',
    environment: 'development',
    projects: ['default'],
  });
  return { viewer: secret, client: client.secret, nobody: 'user:of-nobody' };
}

/** Answers a plugin's calls: by the real one, which is written down with `UNLEASH_RECORD=1`, or as it was written down. */
export async function realUnleash() {
  const url = process.env['UNLEASH_URL']?.replace(/\/+$/, '');
  const recording: Recording = url
    ? { at: new Date().toISOString(), answers: {} }
    : JSON.parse(await readFile(file, 'utf8'));
  const tokens = url ? await fill(url) : { viewer: 'viewer', client: 'client', nobody: 'nobody' };
  return {
    address: known,
    tokens,
    at: Date.parse(recording.at),
    async fetch(asked: string, { headers = {} }: Sent): Promise<Answer | undefined> {
      const token = headers['authorization'];
      const who = Object.entries(tokens).find(([, value]) => value === token)?.[0] ?? 'nobody';
      const key = `${who} ${asked.replace(known, '')}`;
      if (!url) return recording.answers[key];
      const answer = await fetch(asked.replace(known, url), { headers });
      const type = answer.headers.get('content-type') ?? '';
      recording.answers[key] = {
        status: answer.status,
        headers: { 'content-type': type },
        body: await answer.text(),
      };
      return recording.answers[key];
    },
    async keep(): Promise<void> {
      if (!url || process.env['UNLEASH_RECORD'] !== '1') return;
      await writeFile(file, `${JSON.stringify(recording, null, 2)}\n`);
    },
  };
}
