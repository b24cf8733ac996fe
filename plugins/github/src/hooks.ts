import type { Host, Route } from '@callboard/plugin-api';
import { isSigned, secretOf } from '@callboard/plugin-api/hooks';
import type { Knowing } from '@callboard/plugin-api/known';
import { isName } from './address.ts';
import { cardKey } from './card.ts';
import type { Client } from './client.ts';
import type { Heads } from './heads.ts';
import { type GithubHost, hostFor, type Settings } from './hosts.ts';
import { at, list, record, textOf } from './json.ts';
import type { Listing } from './listing.ts';

/** What is told of: files, repositories, people, and what the card shows. */
export const hookEvents = [
  'push',
  'create',
  'delete',
  'repository',
  'pull_request',
  'release',
  'member',
  'membership',
  'organization',
  'team',
];
const peopleEvents = new Set(['member', 'membership', 'organization', 'team']);
const secretKey = 'webhook-secret';
/** Where a delivery is remembered, so that it counts once. */
export const deliveryKey = 'delivery/';
export const heardKey = (host: string, owner: string) => `heard/${host}/${owner.toLowerCase()}`;
export const hookAddress = (portal: string) => `${portal}/api/plugins/github/hooks/events`;

/** The body of a delivery, which may come as a form. */
function payloadOf(text: string, body: unknown): Record<string, unknown> {
  if (body !== null && body !== undefined) return record(body);
  try {
    return record(JSON.parse(new URLSearchParams(text).get('payload') ?? ''));
  } catch {
    return {};
  }
}

type Parts = { host: Host; settings: Settings; client: Client; heads: Heads; listing: Listing; know: Knowing };

/** Deliveries of webhooks, and the button that registers one. */
export function createHooks({ host, settings, client, heads, listing, know }: Parts): {
  events: Route;
  register: Route;
} {
  const { hosts, organizations } = settings;

  async function secrets(): Promise<string[]> {
    const kept = textOf(await host.store.get(secretKey));
    const ofApps = hosts.flatMap(({ apps }) => apps.flatMap(({ webhookSecret }) => webhookSecret ?? []));
    return [settings.webhookSecret, ...ofApps, kept].filter((each): each is string => each !== undefined);
  }

  /** Has what a delivery tells of be asked for again. */
  async function take(event: string, payload: Record<string, unknown>): Promise<void> {
    const repository = record(payload['repository']);
    const url = textOf(repository['html_url']);
    const target = url === undefined ? undefined : hostFor(hosts, url);
    const owner = textOf(at(repository, 'owner', 'login')) ?? textOf(at(payload, 'organization', 'login'));
    const name = textOf(repository['name']);
    const heardOf =
      target ??
      hosts.find(({ host: each }) =>
        organizations.some((found) => found.host === each && found.name.toLowerCase() === owner?.toLowerCase()),
      );
    if (heardOf && owner) await host.store.set(heardKey(heardOf.host, owner), Date.now());
    if (peopleEvents.has(event)) await host.changed('sources/people');
    if (event === 'repository' || event === 'organization') listing.forget();
    if (target && owner && name) {
      await heads.pushed(target.host, { owner, repository: name });
      know.forget(cardKey(target.host, owner, name));
      await host.changed('views/repository');
      if (['push', 'create', 'delete', 'repository'].includes(event))
        await host.changed('codeHosts/main', { urls: [`${target.site}/${owner}/${name}/`] });
    }
    if (['push', 'repository', 'organization'].includes(event)) await host.changed('sources/repositories');
  }

  const events: Route = async ({ headers = {}, text = '', body }) => {
    const known = await secrets();
    const refuse = (status: number, message: string) => ({ status, body: { message } });
    if (known.length === 0)
      return refuse(503, 'No secret is configured: register the webhook in the portal, or set its secret');
    const [, signature = ''] = /^sha256=([0-9a-f]+)$/.exec(headers['x-hub-signature-256'] ?? '') ?? [];
    if (!known.some((secret) => isSigned(secret, text, signature)))
      return refuse(
        401,
        'The signature is missing or wrong: the secret of the webhook is another than that of the portal',
      );
    const id = headers['x-github-delivery'] ?? '';
    if (!/^[\w-]{8,100}$/.test(id)) return refuse(400, 'The delivery has no id');
    // Whoever has heard a delivery can send it again: each counts once.
    if (!(await host.store.add(`${deliveryKey}${id}`, Date.now()))) return refuse(409, 'This delivery came before');
    const event = headers['x-github-event'] ?? '';
    if (event === 'ping') return { status: 202, body: { message: 'The webhook works' } };
    await take(event, payloadOf(text, body));
    return { status: 202, body: { message: 'What changed is asked for again' } };
  };

  const secretToRegister = async (): Promise<string> => settings.webhookSecret ?? (await secretOf(host, secretKey));

  const register: Route = async ({ body }) => {
    const wanted = record(body);
    const target = hosts.find((each) => each.host === textOf(wanted['host']));
    const owner = textOf(wanted['organization']);
    if (!target || !owner || !isName(owner))
      return { status: 400, body: { message: 'Name a configured host and an organisation' } };
    if (settings.portal === undefined)
      return {
        status: 409,
        body: {
          message: `${target.host} must know where to send: set "Address of this portal" in the configuration of the plugin`,
        },
      };
    const message = await registerHook(client, target, owner, hookAddress(settings.portal), await secretToRegister());
    await host.changed('views/organizations');
    return { body: { message } };
  };
  return { events, register };
}

/** Makes the webhook of an organisation, or brings the one that is there in line. */
async function registerHook(
  client: Client,
  target: GithubHost,
  owner: string,
  url: string,
  secret: string,
): Promise<string> {
  const call = { owner, what: `register a webhook for ${owner}` };
  const path = `/orgs/${owner}/hooks`;
  const own = list(await client.all(target, path, call)).find((each) => at(each, 'config', 'url') === url);
  const wanted = { active: true, events: hookEvents, config: { url, content_type: 'json', secret, insecure_ssl: '0' } };
  if (own) {
    await client.call(target, `${path}/${String(own['id'])}`, { ...call, method: 'PATCH', body: wanted });
    return `The webhook of ${owner} was there already; its secret and events are set anew`;
  }
  await client.call(target, path, { ...call, method: 'POST', body: { name: 'web', ...wanted } });
  return `The webhook of ${owner} is registered`;
}
