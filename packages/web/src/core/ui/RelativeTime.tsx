import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from './time.ts';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | undefined;

/** One clock for all ages on the page, so that they change together and an idle page costs one timer. */
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  now = Date.now();
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 15_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
};

/**
 * How long ago; the exact moment on hover and for screen readers.
 *
 * @param props.ahead - the moment may be to come; otherwise a clock that differs makes it now
 */
export function RelativeTime({ at: moment, ahead = false }: { at: string | number; ahead?: boolean }) {
  const at = new Date(moment).getTime();
  const clock = useSyncExternalStore(subscribe, () => now);
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {relativeTime(at, ahead ? clock : Math.max(clock, at))}
    </time>
  );
}
