import type { HostResponse } from '@callboard/plugin-api';
import { list, record, textOf } from './json.ts';

/** What a host refused, with its status. The message says what to do. */
export type GithubFailure = Error & { status: number; code?: string };

const said = (answer: Pick<HostResponse, 'json'>): { message: string; details: string[] } => {
  try {
    const body = record(answer.json());
    const details = list(body['errors']).flatMap((each) => textOf(each['message']) ?? textOf(each['code']) ?? []);
    return { message: textOf(body['message']) ?? '', details };
  } catch {
    return { message: '', details: [] };
  }
};

/** The rights that a token has and the ones that the call takes, as the host names them. */
function missingRight(headers: Record<string, string>): string | undefined {
  const sso = headers['x-github-sso'];
  if (sso?.startsWith('required')) {
    const url = /url=(\S+)/.exec(sso)?.[1];
    return `the token must be authorised for the single sign-on of the organisation${url ? `: open ${url}` : ''}`;
  }
  const permissions = headers['x-accepted-github-permissions'];
  if (permissions)
    return `the token or app needs the permission ${permissions.replaceAll('=', ': ').replaceAll('; ', ' or ')}`;
  const accepted = (headers['x-accepted-oauth-scopes'] ?? '').trim();
  const scopes = headers['x-oauth-scopes'];
  if (scopes !== undefined && accepted !== '')
    return `the token has ${scopes.trim() === '' ? 'no scopes' : `the scopes ${scopes}`}, and one of ${accepted} is needed`;
  return undefined;
}

/** The error for an answer that is not a success, in words that say what is missing and the next step. */
export function failureOf(
  host: string,
  what: string,
  answer: Pick<HostResponse, 'status' | 'headers' | 'json'>,
): GithubFailure {
  const { status, headers } = answer;
  const { message, details } = said(answer);
  const own = [message, ...details].filter(Boolean).join(', ').slice(0, 300);
  const quoted = own === '' ? '' : ` (${own})`;
  const fail = (text: string, code?: string) =>
    Object.assign(new Error(`${host}: ${text}`), { status, ...(code !== undefined && { code }) });
  if (status === 401)
    return fail(
      `it does not take the token${quoted}: make a new one and put it into the configuration`,
      'TOKEN_REFUSED',
    );
  if (
    status === 429 ||
    (status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0'))
  )
    return fail(`its limit of calls is used up${quoted}; the portal goes on by itself later`, 'RATE_LIMITED');
  if (status === 403)
    return fail(
      `it refuses to ${what}: ${missingRight(headers) ?? `the token lacks a right${quoted}`}`,
      'RIGHT_MISSING',
    );
  if (status === 404)
    return fail(`it cannot ${what}: there is no such thing, or the token may not see it`, 'NOT_FOUND');
  if (status >= 500) return fail(`it answered ${status} when asked to ${what}; the fault is on its side`);
  return fail(`it cannot ${what}: it answered ${status}${quoted}`);
}
