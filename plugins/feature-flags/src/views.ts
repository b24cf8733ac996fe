import type { StatView, TableView } from '@callboard/plugin-api';
import type { Matched } from './match.ts';
import type { Flag, Provider, State } from './unleash.ts';

/** What is known of a provider; `at` is 0 as long as it never answered. */
export type Shown = {
  provider: Provider;
  at: number;
  problem?: { message: string; since: number };
  matched?: Matched;
  lifetimes: Record<string, number>;
  isCut: boolean;
};

const dayMs = 86_400_000;
/** Nobody asked for it in so many days: nothing uses it any more, or nothing did yet. */
const unusedDays = 30;
const mostEnvironments = 20;
const iso = (at: number) => new Date(at).toISOString();
const daysSince = (at: number, now: number) => Math.floor((now - at) / dayMs);

/** Why a flag should be looked at; undefined for one that is as it should be. */
export function judge(flag: Flag, lifetimes: Record<string, number>, now: number) {
  if (flag.stale) return { text: 'stale: marked at Unleash', tone: 'bad' as const };
  const age = flag.createdAt === undefined ? undefined : daysSince(flag.createdAt, now);
  const lifetime = lifetimes[flag.type];
  if (age !== undefined && lifetime !== undefined && age > lifetime)
    return { text: `stale: ${age} days old, ${flag.type} flags are for ${lifetime}`, tone: 'warning' as const };
  const seen = flag.states.flatMap(({ evaluatedAt }) => evaluatedAt ?? []);
  if (age === undefined || age < unusedDays) return undefined;
  if (seen.length === 0) return { text: 'unused: never evaluated', tone: 'warning' as const };
  const idle = daysSince(Math.max(...seen), now);
  return idle >= unusedDays ? { text: `unused: not evaluated for ${idle} days`, tone: 'warning' as const } : undefined;
}

function cellOf(state: State | undefined) {
  if (!state) return null;
  if (!state.enabled) return { text: 'disabled', tone: 'neutral' as const };
  if (!state.targeted) return { text: 'enabled, targets nobody', tone: 'warning' as const };
  const variants = state.variants > 0 ? ` · ${state.variants} variants` : '';
  return { text: `enabled${variants}`, tone: 'good' as const };
}

function noteOf(shown: Shown[], isAlways: boolean): string | undefined {
  if (shown.length === 0)
    return 'No provider of flags is configured. An administrator can add one in Admin → Plugins → Feature flags.';
  const lines = shown.flatMap(({ provider, at, problem, matched, isCut }) => {
    const trouble =
      problem &&
      `since ${iso(problem.since).slice(0, 16).replace('T', ' ')} UTC: ${problem.message.replace(/\.+$/, '')}.`;
    if (at === 0)
      return trouble ? `${provider.name} cannot be read ${trouble}` : `${provider.name} has not answered yet.`;
    const count = matched?.flags.length ?? 0;
    return [
      ...(count === 0 ? [`No flags found at ${provider.name}; looked for ${matched?.looked}.`] : []),
      ...(count > 0 && isAlways ? [`At ${provider.name}: ${matched?.evidence}.`] : []),
      ...(trouble ? [`${provider.name}: these are the last known flags, ${trouble}`] : []),
      ...(isCut ? [`Only the first 5,000 flags of ${provider.name} were read.`] : []),
    ];
  });
  return lines.length === 0 ? undefined : lines.join(' ').slice(0, 2000);
}

const head = (shown: Shown[], isAlways: boolean) => {
  const times = shown.flatMap(({ at }) => (at > 0 ? [at] : []));
  const note = noteOf(shown, isAlways);
  return { ...(times.length > 0 && { asOf: iso(Math.min(...times)) }), ...(note !== undefined && { note }) };
};
const all = (shown: Shown[]) =>
  shown.flatMap(({ matched, lifetimes }) => (matched?.flags ?? []).map((flag) => ({ flag, lifetimes })));

/** Flags by environments. */
export function flagsView(shown: Shown[], now: number): TableView {
  const flags = all(shown);
  const environments = [...new Set(flags.flatMap(({ flag }) => flag.states.map(({ environment }) => environment)))];
  const drawn = environments.slice(0, mostEnvironments);
  return {
    model: 'table',
    ...head(shown, true),
    columns: [
      { id: 'key', title: 'Flag key' },
      { id: 'type', title: 'Type' },
      ...drawn.map((name, index) => ({ id: `e${index}`, title: name, type: 'status' as const })),
      { id: 'created', title: 'Created', type: 'time' },
      { id: 'evaluated', title: 'Last evaluated', type: 'time' },
      { id: 'attention', title: 'Attention' },
    ],
    rows: flags
      .toSorted((one, other) => (one.flag.key < other.flag.key ? -1 : 1))
      .map(({ flag, lifetimes }) => {
        const seen = flag.states.flatMap(({ evaluatedAt }) => evaluatedAt ?? []);
        return {
          key: { text: flag.key, href: flag.href },
          type: flag.type,
          ...Object.fromEntries(
            drawn.map((name, index) => [
              `e${index}`,
              cellOf(flag.states.find(({ environment }) => environment === name)),
            ]),
          ),
          created: flag.createdAt === undefined ? null : iso(flag.createdAt),
          evaluated: seen.length === 0 ? null : iso(Math.max(...seen)),
          attention: judge(flag, lifetimes, now) ?? null,
        };
      }),
  };
}

/** How many there are, on where, and how many need a look; nothing of an entity that has none and names no project. */
export function summaryView(shown: Shown[], now: number): StatView {
  const isOther = ({ matched, problem }: Shown) => matched?.flags.length === 0 && !matched.evidence && !problem;
  if (shown.length > 0 && shown.every(isOther)) return { model: 'stat', items: [] };
  const flags = all(shown);
  const judged = flags.map(({ flag, lifetimes }) => judge(flag, lifetimes, now)?.text ?? '');
  const count = (word: string) => judged.filter((text) => text.startsWith(word)).length;
  const environments = [...new Set(flags.flatMap(({ flag }) => flag.states.map(({ environment }) => environment)))];
  const tone = (number: number) => (number > 0 ? ('warning' as const) : ('good' as const));
  return {
    model: 'stat',
    ...head(shown, false),
    items:
      flags.length === 0
        ? []
        : [
            { label: 'Flags', value: flags.length },
            ...environments.slice(0, 6).map((name) => ({
              label: `Enabled in ${name}`,
              value: flags.filter(({ flag }) =>
                flag.states.some((state) => state.environment === name && state.enabled),
              ).length,
            })),
            { label: 'Stale', value: count('stale'), tone: tone(count('stale')) },
            { label: 'Unused', value: count('unused'), tone: tone(count('unused')) },
          ],
  };
}
