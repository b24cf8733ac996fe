import type { SimulateResponse } from '@callboard/model/http';
import type { Directory } from '../directory.ts';
import type { Principal } from '../principal.ts';
import { type Decision, decideBy } from './decide.ts';
import { type Known, membershipsBy } from './explain.ts';
import type { Permission } from './permissions.ts';
import type { Policy } from './types.ts';

const most = { people: 2_000, shown: 200, counts: 400 };

type Change = SimulateResponse['items'][number]['gains'][number];

const wordOf = (decision: Decision) => (typeof decision === 'string' ? decision : 'conditional');
const weight = { deny: 0, conditional: 1, allow: 2 };

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * What a change of the policy would do: who gains what, who loses what. Everybody that a binding names, the guest, whoever has signed in, with
 * what their provider said, and the people of the catalog up to a number are looked at.
 */
export async function simulate(
  before: Policy,
  after: Policy,
  directory: Directory & { everybodyKnown(): Promise<Map<string, Known>> },
  permissions: readonly Permission[],
): Promise<SimulateResponse> {
  const named = [...before.bindings, ...after.bindings].flatMap(({ subject }) =>
    /^(?:user|external):/.test(subject) ? [subject] : [],
  );
  const claimed = [...new Set([...before.bindings, ...after.bindings].flatMap(({ subject }) => subject))].filter(
    (subject) => subject.startsWith('claim:'),
  );
  const [inCatalog, known] = await Promise.all([directory.peopleOf(most.people + 1), directory.everybodyKnown()]);
  const all = [...new Set([...named, 'user:default/guest', ...known.keys(), ...inCatalog])];
  const refs = all.slice(0, most.people);
  const memberships = await directory.membershipsOf(refs);
  const claims = new Set([...known.values()].flatMap((each) => each.claims));
  for (const claim of claimed) claims.add(claim.slice('claim:'.length));
  const byClaim = Map.groupBy(await membershipsBy([...claims], directory), ({ path }) => path[0]!);
  const groupsBy = (names: readonly string[]) =>
    names.flatMap((name) => (byClaim.get(`claim:${name}`) ?? []).map(({ group }) => group));
  const people: Principal[] = [
    ...refs.map((ref): Principal => ({
      ref,
      title: ref,
      kind: ref.startsWith('external:') ? 'service' : ref === 'user:default/guest' ? 'guest' : 'user',
      groups: [
        ...new Set([
          ...(memberships.get(ref) ?? []).map(({ group }) => group),
          ...groupsBy(known.get(ref)?.claims ?? []),
        ]),
      ],
      claims: known.get(ref)?.claims ?? [],
      ...(known.get(ref)?.administrator && { administrator: true as const }),
      via: { type: 'local' },
    })),
    ...claimed.map((claim): Principal => ({
      ref: claim,
      title: claim,
      kind: 'user',
      groups: groupsBy([claim.slice('claim:'.length)]),
      claims: [claim.slice('claim:'.length)],
      via: { type: 'local' },
    })),
  ];
  const counts = new Map<string, Promise<number>>();
  const count = (decision: Decision): Promise<number> | undefined => {
    if (decision === 'deny') return Promise.resolve(0);
    const key = JSON.stringify(decision);
    const found = counts.get(key);
    if (found || counts.size >= most.counts) return found;
    const counting = directory.countOf(decision === 'allow' ? undefined : decision.conditions);
    counts.set(key, counting);
    return counting;
  };
  /** How many entities are in the first and not in the second. */
  const countLost = (from: Decision, to: Decision): Promise<number> | undefined => {
    if (from === 'deny' || to === 'allow') return Promise.resolve(0);
    if (to === 'deny') return count(from);
    const others = { not: to.conditions };
    return count({ conditions: from === 'allow' ? others : { all: [from.conditions, others] } });
  };
  const items: SimulateResponse['items'] = [];
  let truncated = all.length > most.people;
  for (const [index, principal] of people.entries()) {
    if (index % 100 === 99) await nextTurn();
    const gains: Change[] = [];
    const loses: Change[] = [];
    for (const { name, resourceType } of permissions) {
      const [old, fresh] = [decideBy(before, principal, name), decideBy(after, principal, name)];
      if (JSON.stringify(old) === JSON.stringify(fresh)) continue;
      const change: Change = { permission: name, before: wordOf(old), after: wordOf(fresh) };
      const [isMore, isLess] = [
        weight[change.after] > weight[change.before],
        weight[change.after] < weight[change.before],
      ];
      const counted = resourceType
        ? await Promise.all([count(old), count(fresh), countLost(fresh, old), countLost(old, fresh)])
        : [];
      const [entitiesBefore, entitiesAfter, gained, lost] = counted;
      if (entitiesBefore === undefined || entitiesAfter === undefined || gained === undefined || lost === undefined) {
        // Not counted: one condition in place of another may give and take.
        if (!isLess) gains.push(change);
        if (!isMore) loses.push(change);
        continue;
      }
      const figures = { ...change, entitiesBefore, entitiesAfter };
      if (gained > 0 || isMore) gains.push({ ...figures, entities: gained });
      if (lost > 0 || isLess) loses.push({ ...figures, entities: lost });
    }
    if (gains.length + loses.length === 0) continue;
    if (items.length < most.shown) items.push({ principal: principal.ref, gains, loses });
    else truncated = true;
  }
  return { people: people.length, truncated, items };
}
