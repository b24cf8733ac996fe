import type { Host } from '@callboard/plugin-api';
import type { Instance } from './settings.ts';
import type { Described } from './selector.ts';

export type Dashboard = Described & { uid: string; title: string; url: string; tags: string[]; folderTitle: string };
export type RuleState = 'firing' | 'pending' | 'no data' | 'error' | 'paused' | 'normal';
export type Rule = {
  name: string;
  uid?: string;
  folder: string;
  state: RuleState;
  labels: Record<string, string>;
  /** Labels of what is firing or pending now */
  instances: Record<string, string>[];
  since?: string;
  summary: string;
};

const timeoutMs = 20_000;
const mostBytes = 16 * 1024 * 1024;
const pageSize = 1000;
const mostPages = 20;
type Words = Record<string, unknown>;
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Words[] => (Array.isArray(value) ? value.filter(isWords) : []);
const texts = (value: unknown): Record<string, string> =>
  isWords(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)])) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A fault of the far side in words; `fix` is the next step. */
export const fault = (message: string, fix: string): Error & { fix: string } =>
  Object.assign(new Error(`${message}. ${fix}`), { fix });

const account =
  'Make a service account with the role Viewer in Grafana → Administration → Service accounts, and give its token here.';
const refusals: Record<number, [string, string]> = {
  401: ['does not take the token', account],
  403: ['does not give the token this right', account],
  404: [
    'knows no such address',
    'Check the address and its path; alerts need Grafana 9 or newer with unified alerting.',
  ],
  429: ['limits calls', 'Wait; the portal asks again by itself.'],
};

/** What Grafana itself says is wrong. */
function reasonOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return text(message).slice(0, 300) || undefined;
  } catch {
    return undefined;
  }
}

/** Asks Grafana's API. @throws Error in words of what is wrong, with the next step */
export async function ask(host: Host, { id, url, headers, tls }: Instance, path: string): Promise<unknown> {
  const answer = await host.fetch(`${url}${path}`, {
    headers: { accept: 'application/json', ...headers },
    ...(tls && { tls }),
    timeoutMs,
    maxBytes: mostBytes,
  });
  const who = `${id} (${new URL(url).host})`;
  if (!answer.ok) {
    const [what, fix] = refusals[answer.status] ?? [`answered ${answer.status}`, 'Look at its state and its log.'];
    const said = reasonOf(answer.text());
    throw fault(`${who} ${what}${said === undefined ? '' : `: ${said}`}`, fix);
  }
  try {
    return answer.json();
  } catch {
    throw fault(
      `${who} answered with something that is no JSON (${answer.headers['content-type'] ?? 'no type'})`,
      'Check the address: a sign-in page, a proxy or another program may answer there.',
    );
  }
}

const noGrafana = ({ id, url }: Instance) =>
  fault(`${id} (${new URL(url).host}) answered, but not as Grafana does`, 'Check the address and its path.');

/** Every dashboard that the token may see. */
export async function readDashboards(host: Host, instance: Instance): Promise<Dashboard[]> {
  const all: Dashboard[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await ask(host, instance, `/api/search?type=dash-db&limit=${pageSize}&page=${page}`);
    if (!Array.isArray(answer)) throw noGrafana(instance);
    for (const each of list(answer))
      all.push({
        ...each,
        uid: text(each.uid),
        title: text(each.title),
        url: text(each.url),
        tags: Array.isArray(each.tags) ? each.tags.map(String) : [],
        folderTitle: text(each.folderTitle),
      });
    if (answer.length < pageSize) break;
  }
  return all;
}

const isActive = ({ state }: Words) => /^(alerting|pending|firing|error|nodata|recovering)/i.test(text(state));

function stateOf(rule: Words, active: readonly Words[]): RuleState {
  if (rule.isPaused === true) return 'paused';
  if (rule.health === 'error') return 'error';
  if (rule.state === 'firing' || rule.state === 'pending') {
    // Since a rule without data may fire as well, its instances say which it is.
    const isNoData = active.length > 0 && active.every(({ state }) => /^nodata|\(nodata\)$/i.test(text(state)));
    return isNoData ? 'no data' : rule.state;
  }
  return rule.health === 'nodata' ? 'no data' : 'normal';
}

/** Every rule of Grafana's own alerting with its state now. */
export async function readRules(host: Host, instance: Instance): Promise<Rule[]> {
  const answer = await ask(host, instance, '/api/prometheus/grafana/api/v1/rules');
  const data = isWords(answer) ? answer.data : undefined;
  if (!isWords(data) || !Array.isArray(data.groups)) throw noGrafana(instance);
  return list(data.groups).flatMap((group) =>
    list(group.rules)
      .filter(({ type }) => type !== 'recording')
      .map((rule): Rule => {
        const active = list(rule.alerts).filter(isActive);
        const times = active.map(({ activeAt }) => Date.parse(text(activeAt))).filter((at) => at > 0);
        const notes = texts(rule.annotations);
        return {
          name: text(rule.name),
          ...(text(rule.uid) !== '' && { uid: text(rule.uid) }),
          folder: text(group.file),
          state: stateOf(rule, active),
          labels: texts(rule.labels),
          instances: active.map(({ labels }) => texts(labels)),
          ...(times.length > 0 && { since: new Date(Math.min(...times)).toISOString() }),
          summary: (notes.summary ?? notes.description ?? '').slice(0, 1000),
        };
      }),
  );
}
