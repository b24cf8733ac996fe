import { literalOf, namesOf, type Entity } from './evidence.ts';
import { asOne, type Answer, type Found, nowOf, queriesOf, type Tools, wayFor } from './find.ts';
import type { Problem } from '@callboard/plugin-api/known';
import { signalsOf } from './signals.ts';

/** How fast an error budget is used up: 1 is exactly as fast as the objective allows. */
export type Objective = {
  name: string;
  /** Per cent */
  target?: number;
  burns: { over: string; rate: number }[];
  /** Per cent of the budget that is left in the objective's own period */
  left?: number;
};

const windows = ['5m', '1h', '30m', '6h', '3d'] as const;
/** The pairs by which people are woken: fast, and slow. */
const pairs = [
  { long: '1h', short: '5m', above: 14.4 },
  { long: '6h', short: '30m', above: 6 },
] as const;

/** Whether a burn is one to act on: both windows of a pair say so, or it goes on for three days. */
export function burnTone({ burns }: Objective, over: string): 'good' | 'warning' | 'bad' {
  const rate = (name: string) => burns.find((burn) => burn.over === name)?.rate ?? 0;
  if (pairs.some(({ long, short, above }) => over === long && rate(long) > above && rate(short) > above)) return 'bad';
  return rate(over) > 1 ? 'warning' : 'good';
}

/** Objectives whose rules Sloth has generated for a service of this name. */
async function recorded(tools: Tools, found: Found, entity: Entity, until: number): Promise<Answer<Objective[]>> {
  const names = namesOf(entity).map(literalOf).join('|');
  const rule = 'slo:(objective|current_burn_rate|period_error_budget_remaining):ratio';
  const query = `max by (__name__, sloth_slo) ({__name__=~"${rule}",sloth_service=~"${names.replaceAll('\\', '\\\\')}"})`;
  const { value, at, problem } = await nowOf(tools, found.server, query, until);
  const slos = new Map<string, Objective>();
  for (const { metric, labels, values } of value) {
    const name = labels.sloth_slo ?? '';
    const figure = values[0]?.[1] ?? Number.NaN;
    if (!Number.isFinite(figure)) continue;
    const slo = slos.get(name) ?? { name, burns: [] };
    if (metric === 'slo:objective:ratio') slo.target = figure * 100;
    else if (metric === 'slo:current_burn_rate:ratio') slo.burns.push({ over: '5m', rate: figure });
    else slo.left = figure * 100;
    slos.set(name, slo);
  }
  return { value: [...slos.values()], at, problems: problem ? [problem] : [] };
}

/** The burn of the objective that the configuration gives everybody, from the errors signal. */
async function computed(tools: Tools, found: Found, target: number, until: number): Promise<Answer<Objective[]>> {
  const errors = signalsOf(tools.settings.signals).find(({ id }) => id === 'errors')!;
  const way = wayFor(found, errors);
  if (!way) return { value: [], at: Date.now(), problems: [] };
  const query = asOne(
    windows.map((over): [string, string] => [over, queriesOf(found, way, over)[0]![1]]),
    'over',
  );
  const { value, at, problem } = await nowOf(tools, found.server, query, until);
  const burns = windows.flatMap((over) => {
    const share = value.find(({ labels }) => labels.over === over)?.values[0]?.[1];
    return share === undefined || !Number.isFinite(share) ? [] : [{ over, rate: share / (100 - target) }];
  });
  return {
    value: burns.length === 0 ? [] : [{ name: 'requests without errors', target, burns }],
    at,
    problems: problem ? [problem] : [],
  };
}

/** The objectives of an entity and how fast their budgets burn. */
export async function objectivesOf(
  tools: Tools,
  found: Found,
  entity: Entity,
  until: number,
): Promise<Answer<Objective[]>> {
  const { objective } = tools.settings;
  const own = await recorded(tools, found, entity, until);
  if (own.value.length > 0 || objective === undefined) return own;
  const made = await computed(tools, found, objective, until);
  const problems: Problem[] = [...own.problems, ...made.problems];
  return { ...made, problems };
}
