import type { Host } from '@callboard/plugin-api';
import type { Place } from './settings.ts';

/** One series: the name of its metric, its other labels, and values by epoch seconds. */
export type Series = { metric: string; labels: Record<string, string>; values: [number, number][] };

const timeoutMs = 20_000;
const mostBytes = 16 * 1024 * 1024;
const longestAddress = 6_000;

/** A fault of the far side in words; `fix` is the next step. */
export const fault = (message: string, fix: string): Error & { fix: string } =>
  Object.assign(new Error(`${message}. ${fix}`), { fix });

const refusals: Record<number, [string, string]> = {
  401: [
    'does not take the credentials',
    'Set a token, or user name and password, that it or the proxy before it takes.',
  ],
  403: ['forbids this to these credentials', 'Give them the right to read queries, rules and alerts.'],
  404: ['knows no such address', 'Check the address: it is the one that stands before /api.'],
  429: ['limits calls', 'Wait; the portal asks again by itself.'],
};

/** What the far side itself says is wrong, from a body of its API. */
function reasonOf(body: string): string | undefined {
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown };
    const said = error ?? message;
    return typeof said === 'string' ? said.slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks an address of an API and reads its JSON.
 *
 * @throws Error in words of what is wrong, with the next step
 */
export async function askJson(
  host: Host,
  { title, url, headers, tls }: Place,
  path: string,
  parameters: Record<string, string> = {},
): Promise<unknown> {
  const query = new URLSearchParams(parameters).toString();
  const isLong = query.length > longestAddress;
  const answer = await host.fetch(`${url}${path}${query === '' || isLong ? '' : `?${query}`}`, {
    headers: {
      accept: 'application/json',
      ...headers,
      ...(isLong && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(isLong && { method: 'POST', body: query }),
    ...(tls && { tls }),
    timeoutMs,
    maxBytes: mostBytes,
  });
  const who = `${title} (${new URL(url).host})`;
  if (!answer.ok) {
    const said = reasonOf(answer.text());
    if ([400, 422].includes(answer.status) && said !== undefined)
      throw fault(`${who} refuses the query: ${said}`, 'Correct the query in the configuration or in the annotation.');
    const [what, fix] = refusals[answer.status] ?? [`answered ${answer.status}`, 'Look at its state and its log.'];
    throw fault(`${who} ${what}${said === undefined ? '' : `: ${said}`}`, fix);
  }
  try {
    return answer.json();
  } catch {
    const type = answer.headers['content-type'] ?? 'no type';
    throw fault(
      `${who} answered with something that is no JSON (${type})`,
      'Check the address: a sign-in page, a proxy or another program may answer there.',
    );
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part `data` of an answer of Prometheus' API. @throws Error when it is none */
export async function askData(
  host: Host,
  place: Place,
  path: string,
  parameters?: Record<string, string>,
): Promise<Record<string, unknown>> {
  const answer = await askJson(host, place, path, parameters);
  if (isMap(answer) && answer.status === 'success' && isMap(answer.data)) return answer.data;
  throw fault(
    `${place.title} (${new URL(place.url).host}) answered, but not as Prometheus does`,
    'Check the address: it is the one that stands before /api/v1.',
  );
}

const nameLabel = '__name__';

function seriesOf(data: Record<string, unknown>): Series[] {
  const result = Array.isArray(data.result) ? data.result : [];
  return result.filter(isMap).map((each) => {
    const points = Array.isArray(each.values) ? each.values : [each.value];
    const { [nameLabel]: metric = '', ...labels } = (isMap(each.metric) ? each.metric : {}) as Record<string, string>;
    return {
      metric,
      labels,
      values: points
        .filter((point): point is [number, string] => Array.isArray(point) && point.length === 2)
        .map(([at, value]): [number, number] => [Number(at), Number(value)]),
    };
  });
}

/** What a query gives now. */
export const instant = async (host: Host, place: Place, query: string): Promise<Series[]> =>
  seriesOf(await askData(host, place, '/api/v1/query', { query }));

/** What a query gave over a time, in epoch seconds. */
export const range = async (
  host: Host,
  place: Place,
  query: string,
  { start, end, step }: { start: number; end: number; step: number },
): Promise<Series[]> =>
  seriesOf(
    await askData(host, place, '/api/v1/query_range', {
      query,
      start: String(start),
      end: String(end),
      step: String(step),
    }),
  );
