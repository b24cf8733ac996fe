import type { Host, Route, TableView, View } from '@callboard/plugin-api';
import { forgetOld, isFirst, isSigned, secretOf as keptSecretOf } from '@callboard/plugin-api/hooks';
import type { Repositories } from '@callboard/plugin-api/repositories';
import { type Api, encoded, encodedPath, type Thing } from './api.ts';
import type { GiteaHost, Settings } from './settings.ts';

const secretKey = 'webhooks/secret';
const failedKey = 'webhooks/failed';
const path = '/api/plugins/gitea/hooks/events';
const dayMs = 24 * 3_600_000;

/** The secret of the form, or one that is made at the first need. */
const secretOf = async (host: Host, settings: Settings): Promise<string> =>
  settings.webhookSecret ?? (await keptSecretOf(host, secretKey));

/** What Gitea sends: checked, taken once, and passed on as what has changed. */
export function createHook(
  host: Host,
  settings: Settings,
  known: Repositories,
  forgetCard: (repository: string) => void,
): Route {
  return async ({ headers = {}, text = '', body }) => {
    const given = headers['x-gitea-signature'] ?? headers['x-forgejo-signature'] ?? '';
    if (!isSigned(await secretOf(host, settings), text, given))
      return { status: 401, body: { message: 'The signature is missing or wrong: register the webhook again.' } };
    // The text is signed and its number is not: what was sent before is known by its text.
    if (!(await isFirst(host, text))) return { status: 409, body: { message: 'This event came before.' } };
    const kind = headers['x-gitea-event'] ?? headers['x-forgejo-event'] ?? '';
    const event = (typeof body === 'object' && body !== null ? body : {}) as Thing;
    const full = event['repository']?.full_name as string | undefined;
    const address = event['repository']?.html_url as string | undefined;
    if (['push', 'create', 'delete'].includes(kind) && full && address) {
      const of = URL.canParse(address) ? new URL(address).host : '';
      if (settings.hosts.some((each) => each.host === of)) {
        await known.touch(of, full);
        await host.changed('codeHosts/gitea', { urls: [`${address}/`] });
        await host.changed('sources/repositories');
      }
    } else if (kind === 'repository') await host.changed('sources/repositories');
    if (['push', 'pull_request', 'release'].includes(kind)) {
      if (address !== undefined && full !== undefined && URL.canParse(address))
        forgetCard(`${new URL(address).host}/${full}`);
      await host.changed('views/repository');
    }
    return { status: 202, body: { message: `Taken: ${kind || 'nothing that is known'}` } };
  };
}

const events = ['push', 'create', 'delete', 'repository', 'pull_request', 'release'];

/** Makes the webhook at an address of the API, or brings it up to date. */
async function register(api: Api, at: GiteaHost, base: string, url: string, secret: string) {
  const hooks = await api.all(at, `${base}/hooks`);
  const there = hooks.find((hook) => hook['config']?.url === url);
  const body = { type: 'gitea', active: true, events, config: { url, content_type: 'json', secret } };
  if (there) await api.call(at, `${base}/hooks/${there['id']}`, { method: 'PATCH', body });
  else await api.call(at, `${base}/hooks`, { method: 'POST', body });
}

/** Registers the webhook of one place: an organisation, or each repository where there is none. */
export function createRegistration(host: Host, api: Api, settings: Settings, known: Repositories): Route {
  return async ({ body }) => {
    const place = (typeof body === 'object' && body !== null ? body : {}) as { host?: string; owner?: string };
    const source = settings.repositories.find((each) => each.host === place.host && each.owner === place.owner);
    const at = settings.hosts.find((each) => each.host === place.host);
    const bad = (message: string) => ({ status: 400, body: { message } });
    if (!source || !at) return bad('There is no such source of repositories any more.');
    if (settings.portalUrl === undefined)
      return bad('Set the address of the portal under Admin → Plugins → Gitea, as Gitea can reach it.');
    const url = `${settings.portalUrl}${path}`;
    const secret = await secretOf(host, settings);
    const key = `webhooks/of/${place.host}/${place.owner ?? ''}`.slice(0, 200);
    if (source.owner !== undefined)
      try {
        await register(api, at, `/orgs/${encoded(source.owner)}`, url, secret);
        await host.store.set(key, { at: Date.now(), how: 'organisation' });
        return { body: { message: `The webhook of ${source.owner} sends to ${url}` } };
      } catch (error) {
        // A user has none, and an organisation has them for its owners.
        const { code } = error as { code?: string };
        if (code !== 'NOT_FOUND' && code !== 'FORBIDDEN') throw error;
      }
    const todo = (await known.names(source)).map(({ name }) => name);
    await host.store.set(key, { at: Date.now(), how: 'repositories', count: todo.length });
    await host.store.set(`webhooks/todo/${place.host}/${place.owner ?? ''}`.slice(0, 200), { host: at.host, todo });
    return {
      status: 202,
      body: {
        message: `${at.host} has no webhook of this owner for the portal: ${todo.length} repositories get one each, in the background.`,
      },
    };
  };
}

/** Registers webhooks of repositories that are still to be done, and forgets what came long ago. */
export async function tendHooks(host: Host, api: Api, settings: Settings, signal: AbortSignal): Promise<void> {
  const secret = await secretOf(host, settings);
  for (const { key, value } of await host.store.entries('webhooks/todo/')) {
    const { host: name, todo } = value as { host: string; todo: string[] };
    const at = settings.hosts.find((each) => each.host === name);
    const failed: string[] = [];
    while (at && settings.portalUrl !== undefined && todo.length > 0 && !signal.aborted) {
      const full = todo.pop()!;
      await register(api, at, `/repos/${encodedPath(full)}`, `${settings.portalUrl}${path}`, secret).catch(
        (error: Error) => failed.push(`${full}: ${error.message}`),
      );
      if (todo.length % 20 === 0) await host.store.set(key, { host: name, todo });
    }
    if (failed.length > 0) {
      await host.store.set(failedKey, failed.slice(0, 20));
      host.log.warning(`${failed.length} repositories got no webhook; the first is ${failed[0]}`);
    }
    if (todo.length === 0 || !at) await host.store.delete(key);
  }
  const now = Date.now();
  await forgetOld(host, 'hook/', now - dayMs);
  await forgetOld(host, 'touched/', now - dayMs);
  // Steps of templates may wait for somebody for a while.
  await forgetOld(host, 'step/', now - 30 * dayMs);
}

/** The places that can have a webhook, each with a button. */
export function createHooksView(host: Host, settings: Settings): View {
  return async (): Promise<TableView> => {
    const done = new Map(
      (await host.store.entries('webhooks/of/')).map(({ key, value }) => [key, value as { at: number; how: string }]),
    );
    const failed = ((await host.store.get(failedKey)) ?? []) as string[];
    return {
      model: 'table',
      note: [
        settings.portalUrl === undefined
          ? 'The address of the portal is not set: Gitea would not know where to send.'
          : `Events go to ${settings.portalUrl}${path}.`,
        ...(settings.repositories.length === 0 ? ['No source of repositories is configured.'] : []),
        ...(failed.length > 0 ? [`Last failures: ${failed.slice(0, 3).join('; ')}`] : []),
      ].join(' '),
      columns: [
        { id: 'host', title: 'Host' },
        { id: 'owner', title: 'Owner' },
        { id: 'state', title: 'Webhook' },
        { id: 'at', title: 'Registered', type: 'time' },
        { id: 'do', title: '' },
      ],
      rows: settings.repositories.map((source) => {
        const found = done.get(`webhooks/of/${source.host}/${source.owner ?? ''}`.slice(0, 200));
        return {
          host: source.host,
          owner: source.owner ?? 'all',
          state: found ? { text: found.how, tone: 'good' as const } : { text: 'none', tone: 'neutral' as const },
          at: found ? new Date(found.at).toISOString() : null,
          do: {
            actions: [
              {
                title: found ? 'Register again' : 'Register',
                route: 'register',
                body: { host: source.host, ...(source.owner !== undefined && { owner: source.owner }) },
                confirm: `Gitea will send what is pushed in ${source.owner ?? source.host} to this portal.`,
              },
            ],
          },
        };
      }),
    };
  };
}
