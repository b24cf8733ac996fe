import type { ClusterState } from './clusters.ts';
import type { Item, JsonObject } from './model.ts';

export type Line = { at?: string; text: string; level?: 'debug' | 'info' | 'warning' | 'error' };

const levels: [RegExp, NonNullable<Line['level']>][] = [
  [/\b(error|fatal|panic|critical|exception)\b|"level":\s*"?(error|fatal|50|60)\b/i, 'error'],
  [/\bwarn(ing)?\b|"level":\s*"?40\b/i, 'warning'],
  [/\b(debug|trace)\b/i, 'debug'],
];

/** A line as the API server sends it with `timestamps`: the time, a blank, the text. */
export function lineOf(line: string): Line {
  const [, at, text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s.exec(line) ?? [];
  const level = levels.find(([pattern]) => pattern.test(text.slice(0, 500)))?.[1];
  return {
    ...(at !== undefined && { at: `${at.slice(0, 19)}Z` }),
    text: text.slice(0, 10_000),
    ...(level && { level }),
  };
}

export type LogWish = { container?: string; previous: boolean; tail: number };

/** Why a pod cannot have a log; undefined where it may have one. The API server answers with an empty one. */
export const noLogOf = ({ name, pod }: Item): string | undefined =>
  pod!.node === undefined ? `The pod ${name} is on no node yet, so there is no log of it.` : undefined;

/** What is asked for in words of an address; a text says what is wrong with it. */
export function logWishOf(query: Record<string, string>, pod: Item): LogWish | string {
  const { container, previous, tail = '200' } = query;
  const names = pod.pod!.containers.map(({ name }) => name);
  if (container !== undefined && !names.includes(container)) return `container must be one of ${names.join(', ')}.`;
  const lines = Number(tail);
  if (!Number.isInteger(lines) || lines < 1 || lines > 5000) return 'tail must be a whole number from 1 to 5000.';
  const main = pod.pod!.containers.find(({ isInit }) => !isInit)?.name;
  return { container: container ?? main, previous: previous === 'true', tail: lines };
}

const pathOf = ({ namespace, name }: Item, { container, previous, tail }: LogWish, more: Record<string, string>) =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log?${new URLSearchParams({
    ...(container !== undefined && { container }),
    ...(previous && { previous: 'true' }),
    timestamps: 'true',
    tailLines: String(tail),
    ...more,
  }).toString()}`;

/** The last lines of a container. */
export async function readLog({ api }: ClusterState, pod: Item, wish: LogWish, signal: AbortSignal): Promise<Line[]> {
  const text = await api.text(pathOf(pod, wish, { limitBytes: String(2 * 1024 * 1024) }), signal);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(lineOf);
}

/** The last lines of a container, and all that come, until the signal fires or the container ends. */
export async function* followLog(
  { api }: ClusterState,
  pod: Item,
  wish: LogWish,
  signal: AbortSignal,
): AsyncIterable<JsonObject> {
  const pieces = await api.stream(pathOf(pod, { ...wish, previous: false }, { follow: 'true' }), signal, {
    isLog: true,
  });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!.slice(0, 65_536);
    for (const line of lines) if (line !== '') yield lineOf(line);
  }
  if (rest !== '') yield lineOf(rest);
}
