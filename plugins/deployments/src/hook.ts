/** The webhook, signed as in Standard Webhooks (https://www.standardwebhooks.com): id, time and body, with HMAC-SHA256. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Deployment, statuses, type Status } from './record.ts';

/** Whoever has heard a call can send it again for so long, and is then known by its id. */
export const toleranceMs = 300_000;

export type Told = { service: string; deployment: Deployment };

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');

/** Why a call is not to be believed; undefined when it is. */
export function signatureFault(
  secret: string,
  headers: Record<string, string>,
  text: string,
  now: number,
): string | undefined {
  const [id, timestamp, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
  if (!id || !timestamp || !given) return 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.';
  if (!/^[\w.:-]{1,100}$/.test(id)) return 'webhook-id must be 1 to 100 letters, digits, dots, dashes or colons.';
  const expected = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${text}`).digest();
  // Several may be sent while a secret is changed.
  const isSigned = given.split(' ').some((each) => {
    const bytes = each.startsWith('v1,') ? Buffer.from(each.slice(3), 'base64') : Buffer.alloc(0);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  if (!isSigned) return 'The signature is wrong: it is made of "id.timestamp.body" with the secret of the webhook.';
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN;
  return Math.abs(now - at) <= toleranceMs
    ? undefined
    : 'webhook-timestamp is more than five minutes from the time of the portal.';
}

/** The ref that a name stands for: `pay` is `component:default/pay`. */
export function refOf(name: string): string | undefined {
  const [, kind = 'component', namespace = 'default', own] =
    /^(?:([a-z][a-z0-9]*):)?(?:([a-z0-9][a-z0-9._-]*)\/)?([a-z0-9][a-z0-9._-]*)$/.exec(name.trim().toLowerCase()) ?? [];
  return own === undefined || name.length > 200 ? undefined : `${kind}:${namespace}/${own}`;
}

/** Reads a body; everything that is wrong with it as texts. */
export function toldBy(body: unknown, id: string, now: number): Told | { faults: string[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { faults: ['Send a JSON object with service, environment and version, as application/json.'] };
  const given = body as Record<string, unknown>;
  const faults: string[] = [];
  const text = (key: string, most: number, isNeeded: boolean): string | undefined => {
    const value = given[key];
    if (value === undefined || value === null) {
      if (isNeeded) faults.push(`${key} is missing.`);
      return undefined;
    }
    if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value.trim();
    faults.push(`${key} must be a text of 1 to ${most} characters.`);
    return undefined;
  };
  const service = refOf(text('service', 200, true) ?? 'x');
  if (service === undefined) faults.push('service must name an entity, such as pay or component:default/pay.');
  const environment = text('environment', 60, true) ?? '';
  const version = text('version', 100, true) ?? '';
  const status = (text('status', 20, false) ?? 'succeeded') as Status;
  if (!statuses.includes(status)) faults.push(`status must be one of ${statuses.join(', ')}.`);
  const at = text('at', 40, false);
  const moment = at === undefined ? now : Date.parse(at);
  if (Number.isNaN(moment)) faults.push('at must be a time such as 2027-01-31T12:00:00Z.');
  else if (moment > now + toleranceMs) faults.push('at lies in the future.');
  const href = text('url', 2000, false);
  if (href !== undefined && !/^https?:\/\//.test(href)) faults.push('url must start with https:// or http://.');
  const [commit, by, own] = [text('commit', 64, false), text('by', 100, false), text('id', 100, false)];
  if (faults.length > 0) return { faults };
  return {
    service: service!,
    deployment: {
      id: `hook:${own ?? id}`,
      environment,
      version,
      status,
      at: new Date(moment).toISOString(),
      ...(commit !== undefined && { commit }),
      ...(by !== undefined && { by }),
      ...(href !== undefined && { href }),
      from: 'webhook',
    },
  };
}
