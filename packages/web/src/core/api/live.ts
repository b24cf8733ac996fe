import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

export type LiveState = 'connecting' | 'live' | 'polling' | 'paused';

const pollEvery = 15_000;
const gatherFor = 40;
let state: LiveState = 'connecting';
const listeners = new Set<() => void>();

const setState = (next: LiveState) => {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** How this page learns of changes right now. */
export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state);

/**
 * Fetches code before it is wanted, unless the portal is away: a browser remembers modules that failed, and would not ask again when they are
 * wanted.
 */
export function fetchAhead(load: () => Promise<unknown>): void {
  if (state !== 'polling') load().catch(() => undefined);
}

/** The first word of an event's type names the feature, and with it the queries that may have become old. */
export const topicOf = (data: string): string | undefined => {
  try {
    const type = (JSON.parse(data) as { type?: unknown }).type;
    return typeof type === 'string' ? type.split('.')[0] : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Keeps what is on the screen true: the portal's change feed marks queries as old, a burst of events once. Falls back to
 * asking every 15 s when the feed is not to be had, and rests while nobody looks.
 */
export function startLive(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let poll: number | undefined;
  let gather: number | undefined;
  let wasOpen = false;
  const topics = new Set<string>();

  const refreshAll = () => void client.invalidateQueries();
  const flush = () => {
    gather = undefined;
    for (const topic of topics) void client.invalidateQueries({ queryKey: [topic] });
    topics.clear();
  };
  const heard = (event: MessageEvent<string>) => {
    const topic = topicOf(event.data);
    if (!topic) return;
    topics.add(topic);
    gather ??= window.setTimeout(flush, gatherFor);
  };
  const stopPolling = () => {
    window.clearInterval(poll);
    poll = undefined;
  };
  const close = () => {
    source?.close();
    source = undefined;
    stopPolling();
  };
  const open = () => {
    close();
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      stopPolling();
      setState('live');
      // What happened while we were away is not in the stream: look once.
      if (wasOpen) refreshAll();
      wasOpen = true;
    });
    source.addEventListener('message', heard);
    source.addEventListener('error', () => {
      setState('polling');
      poll ??= window.setInterval(() => {
        refreshAll();
        if (source?.readyState === EventSource.CLOSED) open();
      }, pollEvery);
    });
  };
  const visibility = () => {
    if (document.hidden) {
      close();
      setState('paused');
    } else {
      open();
    }
  };
  document.addEventListener('visibilitychange', visibility);
  visibility();
  return () => {
    document.removeEventListener('visibilitychange', visibility);
    window.clearTimeout(gather);
    close();
  };
}
