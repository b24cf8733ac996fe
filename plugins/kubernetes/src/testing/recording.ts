/** What a real cluster answers, and a way to have it answered again where there is none. */
import { readFile, writeFile } from 'node:fs/promises';
import { type Admin, startCluster } from './cluster.ts';
import type { Raw } from '../model.ts';
import { wayOut } from './way-out.ts';

const file = new URL('kubernetes-1.20.2.json', import.meta.url);
const nowhere = 'https://cluster.example.com:6443';

type Sent = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = { status?: number; headers: Record<string, string>; body: string };
/** A test is made of steps that change the cluster. What is answered, and each line of a watch, has the step in which it came. */
type Recording = {
  at: string;
  values: unknown[];
  answers: { step: number; key: string; answer: Answer }[];
  lines: { step: number; key: string; line: string }[];
};

const versionOf = (line: string): number => Number((JSON.parse(line) as Raw).object?.metadata?.resourceVersion);

/** What a call asks for, and by whom; versions differ from run to run. */
function keyOf(who: string, url: string, sent: Sent): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('resourceVersion');
  const body = sent.method === 'PATCH' ? '' : (sent.body ?? '');
  return [who, sent.method ?? 'GET', `${pathname}?${searchParams.toString()}`, body].join(' ').trim();
}

/** Who has set which field is half of what is answered, and nobody asks for it. */
const withoutManagers = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text, (key, value) => (key === 'managedFields' ? undefined : value)));
  } catch {
    return text;
  }
};

/** Whole lines of pieces. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Tokens have names here; theirs do not stand in what is written down. */
function namesOf(tokens: Record<string, string>) {
  return ({ headers = {} }: Sent): string => {
    const token = headers['authorization']?.replace('Bearer ', '');
    return Object.entries(tokens).find(([, value]) => value === token)?.[0] ?? 'nobody';
  };
}

async function live(program: string) {
  const { url, ca, admin, stop } = await startCluster(program);
  const recording: Recording = { at: new Date().toISOString(), values: [], answers: [], lines: [] };
  const tokens: Record<string, string> = {};
  const who = namesOf(tokens);
  const last = new Map<string, string>();
  const heard = new Set<string>();
  let step = 0;
  function note(key: string, answer: Answer): void {
    const { status, headers, body } = answer;
    const kept = { status, headers: { 'content-type': headers['content-type'] ?? '' }, body: withoutManagers(body) };
    if (last.get(key) === JSON.stringify(kept)) return;
    last.set(key, JSON.stringify(kept));
    recording.answers.push({ step, key, answer: kept });
  }
  async function* noted(key: string, pieces: AsyncIterable<string>): AsyncIterable<string> {
    for await (const line of linesOf(pieces)) {
      // Two that watch the same hear the same.
      if (line !== '' && !line.includes('"BOOKMARK"') && !heard.has(`${key} ${line}`))
        recording.lines.push({ step, key, line: withoutManagers(line) });
      heard.add(`${key} ${line}`);
      yield `${line}\n`;
    }
  }
  return {
    url,
    ca,
    tokens,
    at: () => Date.now(),
    async step<Value>(work: (admin: Admin) => Promise<Value>): Promise<Value> {
      step += 1;
      const value = await work(admin);
      recording.values.push(value ?? null);
      return value;
    },
    async fetch(address: string, sent: Sent) {
      const answer = await wayOut.fetch(address, sent);
      note(keyOf(who(sent), address, sent), answer);
      return answer;
    },
    async stream(address: string, sent: Sent, signal: AbortSignal) {
      const key = keyOf(who(sent), address, sent);
      const { status, headers, pieces } = await wayOut.stream(address, sent, signal);
      if (status === 200) return { status, headers, pieces: noted(key, pieces) };
      let body = '';
      for await (const piece of pieces) body += piece;
      note(key, { status, headers, body });
      return { status, headers, pieces: [body] as unknown as AsyncIterable<string> };
    },
    async stop() {
      await stop();
      if (process.env['KUBE_RECORD'] !== '1') return;
      let text = JSON.stringify(recording, null, 1).replaceAll(url, nowhere);
      for (const [name, token] of Object.entries(tokens)) text = text.replaceAll(token, name);
      await writeFile(file, `${text}\n`);
    },
  };
}

async function again() {
  const { at, values, answers, lines } = JSON.parse(await readFile(file, 'utf8')) as Recording;
  const tokens: Record<string, string> = {};
  const who = namesOf(tokens);
  const waiting = new Set<() => void>();
  let step = 0;
  const known = (key: string) => answers.findLast((each) => each.key === key && each.step <= step)?.answer;
  /** The changes since a version, and those of the steps to come. */
  async function* watch(key: string, since: number, signal: AbortSignal): AsyncIterable<string> {
    const left = lines.filter((each) => each.key === key && versionOf(each.line) > since);
    while (!signal.aborted) {
      for (; left.length > 0 && left[0]!.step <= step; left.shift()) yield `${left[0]!.line}\n`;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
  const notThere = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' };
  return {
    url: nowhere,
    ca: '',
    tokens,
    at: () => Date.parse(at),
    async step<Value>(_work: (admin: Admin) => Promise<Value>): Promise<Value> {
      const value = values[step] as Value;
      step += 1;
      for (const wake of waiting) wake();
      waiting.clear();
      return value;
    },
    fetch: async (address: string, sent: Sent) => known(keyOf(who(sent), address, sent)) ?? notThere,
    async stream(address: string, sent: Sent, signal: AbortSignal) {
      const key = keyOf(who(sent), address, sent);
      const refusal = known(key);
      const since = Number(new URL(address).searchParams.get('resourceVersion'));
      if (refusal) return { ...refusal, pieces: [refusal.body] as unknown as AsyncIterable<string> };
      return { status: 200, headers: { 'content-type': 'application/json' }, pieces: watch(key, since, signal) };
    },
    stop: async () => undefined,
  };
}

/**
 * A real cluster where `KUBE_APISERVER` is the path of its program (`KUBE_RECORD=1` writes down what it answers), and what one has answered
 * elsewhere.
 */
export async function realCluster() {
  const program = process.env['KUBE_APISERVER'] ?? '';
  return program === '' ? again() : live(program);
}
export type RealCluster = Awaited<ReturnType<typeof realCluster>>;
