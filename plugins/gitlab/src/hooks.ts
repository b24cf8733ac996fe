import type { Host, Route, TableView, View } from '@callboard/plugin-api';
import { forgetOld, isFirst, isSame, secretOf as keptSecretOf } from '@callboard/plugin-api/hooks';
import type { Repositories } from '@callboard/plugin-api/repositories';
import { type Api, encoded, type Thing } from './api.ts';
import type { GitlabHost, Settings } from './settings.ts';

const secretKey = 'webhooks/secret';
const failedKey = 'webhooks/failed';
const path = '/api/plugins/gitlab/hooks/events';
const dayMs = 24 * 3_600_000;

/** The secret of the form, or one that is made at the first need. */
const secretOf = async (host: Host, settings: Settings): Promise<string> =>
  settings.webhookSecret ?? (await keptSecretOf(host, secretKey));

/** What GitLab sends: checked, taken once, and passed on as what has changed. */
export function createHook(
  host: Host,
  settings: Settings,
  known: Repositories,
  forgetCard: (repository: string) => void,
): Route {
  return async ({ headers = {}, text = '', body }) => {
    const given = headers['x-gitlab-token'];
    if (given === undefined || !isSame(given, await secretOf(host, settings)))
      return { status: 401, body: { message: 'The secret token is missing or wrong: register the webhook again.' } };
    // The key is there since GitLab 17.4; the text is the same when it is sent again.
    if (!(await isFirst(host, headers['idempotency-key'] ?? text)))
      return { status: 409, body: { message: 'This event came before.' } };
    const event = (typeof body === 'object' && body !== null ? body : {}) as Thing;
    const kind = String(event['object_kind'] ?? event['event_name'] ?? '');
    const project = event['project']?.path_with_namespace as string | undefined;
    const address = event['project']?.web_url as string | undefined;
    if ((kind === 'push' || kind === 'tag_push' || kind === 'repository_update') && project && address) {
      const of = URL.canParse(address) ? new URL(address).host : '';
      if (settings.hosts.some((each) => each.host === of)) {
        await known.touch(of, project);
        await host.changed('codeHosts/gitlab', { urls: [`${address}/`] });
        await host.changed('sources/repositories');
      }
    } else if (kind.startsWith('project_')) await host.changed('sources/repositories');
    else if (/^(user|group|subgroup)_/.test(kind)) await host.changed('sources/people');
    if (['push', 'merge_request', 'release', 'tag_push'].includes(kind)) {
      if (address !== undefined && project !== undefined && URL.canParse(address))
        forgetCard(`${new URL(address).host}/${project}`);
      await host.changed('views/repository');
    }
    return { status: 202, body: { message: `Taken: ${kind || 'nothing that is known'}` } };
  };
}

const events = { push_events: true, tag_push_events: true, merge_requests_events: true, releases_events: true };

/** Makes the webhook at an address of the API, or brings it up to date. */
async function register(api: Api, at: GitlabHost, base: string, url: string, secret: string, more: Thing = {}) {
  const hooks = await api.all(at, `${base}/hooks`);
  const there = hooks.find((hook) => hook['url'] === url);
  const body = { url, token: secret, enable_ssl_verification: url.startsWith('https:'), ...events, ...more };
  if (there) await api.call(at, `${base}/hooks/${there['id']}`, { method: 'PUT', body });
  else await api.call(at, `${base}/hooks`, { method: 'POST', body });
}

/** Registers the webhook of one place: a group, or each project of it where groups have none. */
export function createRegistration(host: Host, api: Api, settings: Settings, known: Repositories): Route {
  return async ({ body }) => {
    const place = (typeof body === 'object' && body !== null ? body : {}) as { host?: string; group?: string };
    const source = settings.repositories.find((each) => each.host === place.host && each.group === place.group);
    const at = settings.hosts.find((each) => each.host === place.host);
    const bad = (message: string) => ({ status: 400, body: { message } });
    if (!source || !at) return bad('There is no such source of repositories any more.');
    if (settings.portalUrl === undefined)
      return bad('Set the address of the portal under Admin → Plugins → GitLab, as GitLab can reach it.');
    const url = `${settings.portalUrl}${path}`;
    const secret = await secretOf(host, settings);
    const key = `webhooks/of/${place.host}/${place.group ?? ''}`.slice(0, 200);
    if (source.group !== undefined)
      try {
        await register(api, at, `/groups/${encoded(source.group)}`, url, secret, { project_events: true });
        await host.store.set(key, { at: Date.now(), how: 'group' });
        return { body: { message: `The webhook of ${source.group} sends to ${url}` } };
      } catch (error) {
        // Webhooks of groups are part of GitLab Premium.
        const { code } = error as { code?: string };
        if (code !== 'NOT_FOUND' && code !== 'FORBIDDEN') throw error;
      }
    const todo = (await known.names(source)).map(({ id }) => id);
    await host.store.set(key, { at: Date.now(), how: 'projects', count: todo.length });
    await host.store.set(`webhooks/todo/${place.host}/${place.group ?? ''}`.slice(0, 200), { host: at.host, todo });
    return {
      status: 202,
      body: {
        message: `${at.host} has no webhooks of groups for this token: ${todo.length} projects get one each, in the background.`,
      },
    };
  };
}

/** Registers webhooks of projects that are still to be done, and forgets what came long ago. */
export async function tendHooks(host: Host, api: Api, settings: Settings, signal: AbortSignal): Promise<void> {
  const secret = await secretOf(host, settings);
  for (const { key, value } of await host.store.entries('webhooks/todo/')) {
    const { host: name, todo } = value as { host: string; todo: number[] };
    const at = settings.hosts.find((each) => each.host === name);
    const failed: string[] = [];
    while (at && settings.portalUrl !== undefined && todo.length > 0 && !signal.aborted) {
      const id = todo.pop()!;
      await register(api, at, `/projects/${id}`, `${settings.portalUrl}${path}`, secret).catch((error: Error) =>
        failed.push(`${id}: ${error.message}`),
      );
      if (todo.length % 20 === 0) await host.store.set(key, { host: name, todo });
    }
    if (failed.length > 0) {
      await host.store.set(failedKey, failed.slice(0, 20));
      host.log.warning(`${failed.length} projects got no webhook; the first is ${failed[0]}`);
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
          ? 'The address of the portal is not set: GitLab would not know where to send.'
          : `Events go to ${settings.portalUrl}${path}.`,
        ...(settings.repositories.length === 0 ? ['No source of repositories is configured.'] : []),
        ...(failed.length > 0 ? [`Last failures: ${failed.slice(0, 3).join('; ')}`] : []),
      ].join(' '),
      columns: [
        { id: 'host', title: 'Host' },
        { id: 'group', title: 'Group' },
        { id: 'state', title: 'Webhook' },
        { id: 'at', title: 'Registered', type: 'time' },
        { id: 'do', title: '' },
      ],
      rows: settings.repositories.map((source) => {
        const found = done.get(`webhooks/of/${source.host}/${source.group ?? ''}`.slice(0, 200));
        return {
          host: source.host,
          group: source.group ?? 'all',
          state: found ? { text: found.how, tone: 'good' as const } : { text: 'none', tone: 'neutral' as const },
          at: found ? new Date(found.at).toISOString() : null,
          do: {
            actions: [
              {
                title: found ? 'Register again' : 'Register',
                route: 'register',
                body: { host: source.host, ...(source.group !== undefined && { group: source.group }) },
                confirm: `GitLab will send what is pushed in ${source.group ?? source.host} to this portal.`,
              },
            ],
          },
        };
      }),
    };
  };
}
