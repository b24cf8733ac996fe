import { readFileSync, writeFileSync } from 'node:fs';
import { hoursNow } from '../find.ts';

type Request = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = { status: number; headers: Record<string, string>; body: string };
/** A Prometheus with an Alertmanager, and how they are called. */
export type Far = {
  url: string;
  alertmanagerUrl: string;
  fetch: (url: string, request: Request) => Promise<Answer>;
  stop: () => Promise<void>;
};

const file = new URL('recorded.jsonl', import.meta.url);

/** Calls for real, as the portal does it for a plugin. */
export async function realFetch(url: string, { method, headers, body }: Request): Promise<Answer> {
  const answer = await fetch(url, { method, headers, body });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}

/** What a call is known by in a recording: not where, and not when. */
function nameOf(url: string, alertmanagerUrl: string): string {
  const { searchParams, pathname } = new URL(url);
  for (const key of ['start', 'end', 'step']) searchParams.delete(key);
  return `${url.startsWith(alertmanagerUrl) ? 'alertmanager' : 'prometheus'} ${pathname} ${searchParams.toString()}`;
}

/** Answers say where they were made, which is nobody's business. */
const withoutPlaces = (line: string): string =>
  line
    .replaceAll(/generatorURL\\":\\"[^"]*\\"/g, String.raw`generatorURL\":\"http://prometheus.test/graph\"`)
    .replaceAll(/\/tmp\/callboard-monitoring-\w+/g, '/etc/prometheus');

/** Writes down what is answered; at the end it becomes the recording. */
export function recording(far: Far): Far {
  const lines = new Map<string, string>();
  return {
    ...far,
    async fetch(url, request) {
      const { status, headers, body } = await far.fetch(url, request);
      const name = nameOf(url, far.alertmanagerUrl);
      const type = headers['content-type'] ?? '';
      lines.set(name, JSON.stringify({ name, end: hoursNow().end, status, type, body }));
      return { status, headers, body };
    },
    async stop() {
      await far.stop();
      writeFileSync(file, `${[...lines.values()].map(withoutPlaces).join('\n')}\n`);
    },
  };
}

/** Moves the points of an answer to another time. */
const moved = (body: string, by: number): string =>
  body.replaceAll(/\[(\d{10}(?:\.\d+)?),"/g, (_whole, at: string) => `[${Number(at) + by},"`);

/** What was recorded, as if it were answered now. */
export function replayed(): Far {
  const recorded = readFileSync(file, 'utf8').trim().split('\n');
  const answers = new Map(
    recorded.map((line) => {
      const answer = JSON.parse(line) as { name: string; end: number; status: number; type: string; body: string };
      return [answer.name, answer] as const;
    }),
  );
  const [url, alertmanagerUrl] = ['http://prometheus.test', 'http://alertmanager.test'];
  return {
    url,
    alertmanagerUrl,
    async fetch(asked) {
      const name = nameOf(asked, alertmanagerUrl);
      const found = answers.get(name);
      if (!found) throw new Error(`The recording has no ${name}; make it anew with RECORD=1 where Prometheus is.`);
      const { status, type, body, end } = found;
      return { status, headers: { 'content-type': type }, body: moved(body, hoursNow().end - end) };
    },
    stop: async () => undefined,
  };
}
