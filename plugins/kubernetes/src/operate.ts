import type { RouteAnswer } from '@callboard/plugin-api';
import type { ApiFault } from './api.ts';
import type { ClusterState } from './clusters.ts';
import { isRunner, type Item } from './model.ts';
import { pathOf, resources } from './resources.ts';

const highest = 1000;

/** What a route answers when the far side refuses. */
export const failed = (error: unknown): RouteAnswer => {
  const { message, fix, status } = error as ApiFault;
  // What the API server refuses is no failure of the portal; what it fails at is one of the far side.
  const shown = status === 400 ? 409 : status !== undefined && [403, 404, 409].includes(status) ? status : 502;
  return { status: shown, body: { message: `${message}.${fix === undefined ? '' : ` ${fix}`}` } };
};

const addressOf = ({ kind, namespace, name }: Item): string => {
  const { plural, versions } = resources.find((resource) => resource.kind === kind)!;
  return `${pathOf(versions[0]!, plural, namespace)}/${encodeURIComponent(name)}`;
};

const manager = '?fieldManager=callboard';

/** Has all pods replaced, as `kubectl rollout restart` does. */
export async function restart({ api }: ClusterState, item: Item, signal: AbortSignal): Promise<RouteAnswer> {
  if (!isRunner(item.kind)) return { status: 400, body: { message: `A ${item.kind} cannot be restarted.` } };
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  try {
    await api.send(
      'PATCH',
      `${addressOf(item)}${manager}`,
      { spec: { template: { metadata: { annotations } } } },
      signal,
    );
    return { body: { message: `${item.kind} ${item.name} is restarted.` } };
  } catch (error) {
    return failed(error);
  }
}

/** Sets the number of replicas. Where an autoscaler sets it, that is refused: it would set another a moment later. */
export async function scale(
  { api }: ClusterState,
  item: Item,
  near: readonly Item[],
  replicas: unknown,
  signal: AbortSignal,
): Promise<RouteAnswer> {
  if (!isRunner(item.kind) || item.kind === 'DaemonSet')
    return { status: 400, body: { message: `A ${item.kind} has no number of replicas to set.` } };
  if (!Number.isInteger(replicas) || (replicas as number) < 0 || (replicas as number) > highest)
    return { status: 400, body: { message: `replicas must be a whole number from 0 to ${highest}.` } };
  const scaler = near.find(
    ({ autoscaler, cluster, namespace }) =>
      autoscaler?.target.kind === item.kind &&
      autoscaler.target.name === item.name &&
      cluster === item.cluster &&
      namespace === item.namespace,
  );
  if (scaler)
    return {
      status: 409,
      body: {
        message: `The autoscaler ${scaler.name} sets the replicas of ${item.name}, from ${scaler.autoscaler!.least} to ${scaler.autoscaler!.most}. Change its limits.`,
      },
    };
  try {
    await api.send('PATCH', `${addressOf(item)}/scale${manager}`, { spec: { replicas: replicas as number } }, signal);
    return { body: { message: `${item.kind} ${item.name} is scaled to ${String(replicas)}.` } };
  } catch (error) {
    return failed(error);
  }
}
