import type { ViewModel } from '@callboard/plugin-api';
import { asOfOf, type ClusterState, faultsOf } from './clusters.ts';
import type { Configuration } from './configuration.ts';
import type { Found } from './find.ts';

const clock = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What is wrong with clusters, since when, and how old what stands here is. */
export function faultNotes(states: readonly ClusterState[]): string[] {
  return states.flatMap((state) => {
    const { title } = state.cluster;
    const faults = faultsOf(state);
    if (faults.length === 0) return state.feeds.some((feed) => feed.state === 'new') ? [`${title} is being read.`] : [];
    const asOf = asOfOf(state);
    return faults.map(({ message, fix, since, kinds }) => {
      const what = kinds.length === state.feeds.length ? '' : ` (${kinds.join(', ')})`;
      const age =
        asOf === undefined ? 'Nothing of it has been read yet.' : `What is shown of it is as of ${clock(asOf)}.`;
      return `${title}${what}: ${message}, since ${clock(since)}. ${age} ${fix}`;
    });
  });
}

/** Says beneath a view why that is shown, or why there is nothing. */
export function withNote<View extends ViewModel>(
  view: View,
  states: readonly ClusterState[],
  configuration: Configuration,
  found: Found,
  options: { isMain: boolean; isCard: boolean },
): View {
  const { clusters, unusable } = configuration;
  const notes = [
    ...faultNotes(states),
    ...unusable.map(({ name, message, fix }) => `${name} is not configured: ${message}. ${fix}`),
  ];
  // The card of an entity that has nothing to do with clusters is none; its tab says what was looked for.
  if (options.isCard && clusters.length > 0 && found.items.length === 0 && !found.isNamed && notes.length === 0)
    return view;
  if (clusters.length === 0)
    notes.unshift('No cluster is configured. An administrator can add one in Admin → Plugins → Kubernetes.');
  else if (found.items.length === 0)
    notes.unshift(
      `Nothing that runs was found in ${clusters.map(({ title }) => title).join(', ')}; looked for ${found.lookedFor.join('; ')}. The annotation backstage.io/kubernetes-id names it.`,
    );
  else notes.unshift(`Found by ${found.evidence.join('; ')}.`);
  // While all is followed, what is shown is as it is now.
  const times = states.flatMap((state) =>
    state.feeds.some((feed) => feed.state === 'broken') ? (asOfOf(state) ?? []) : [],
  );
  const asOf = times.length > 0 ? { asOf: new Date(Math.min(...times)).toISOString() } : {};
  return { ...view, ...asOf, ...(options.isMain && notes.length > 0 && { note: notes.join('\n').slice(0, 2000) }) };
}
