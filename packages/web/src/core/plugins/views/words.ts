import type { StatusLevel } from '../../ui/index.ts';

type Tone = 'neutral' | 'good' | 'warning' | 'bad' | 'info';
const levels: Record<Tone, StatusLevel> = {
  good: 'ok',
  warning: 'warning',
  bad: 'failing',
  info: 'unknown',
  neutral: 'unknown',
};
const said: [RegExp, StatusLevel][] = [
  [/^(ok|success|succeeded|passed|passing|healthy|up|running|active|done|resolved|good|yes|true)$/i, 'ok'],
  [/^(failed|failing|failure|error|broken|down|critical|bad|fatal)$/i, 'failing'],
  [/^(warning|warn|degraded|unstable|pending|stale|slow)$/i, 'warning'],
];

/** How a state is shown: as its tone says, else by what the usual words for it mean. */
export const levelOf = (tone: Tone | undefined, text: string): StatusLevel =>
  tone ? levels[tone] : (said.find(([words]) => words.test(text.trim()))?.[1] ?? 'unknown');

const units: [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** Milliseconds for people: `350 ms`, `12 s`, `1 h 5 min`. */
export function wordsOfDuration(milliseconds: number): string {
  const sign = milliseconds < 0 ? '−' : '';
  let rest = Math.abs(milliseconds);
  if (rest < 1000) return `${sign}${Math.round(rest)} ms`;
  const parts: string[] = [];
  for (const [size, unit] of units) {
    if (rest < size && parts.length === 0) continue;
    if (parts.length === 2) break;
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number > 0 || parts.length === 0) parts.push(`${number} ${unit}`);
    else break;
  }
  return sign + parts.join(' ');
}

/** A figure of a view, with its unit where it has one. */
export const wordsOfFigure = (value: string | number | null, unit?: string): string =>
  value === null
    ? '—'
    : `${typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 3 }) : value}${unit ? ` ${unit}` : ''}`;
