/**
 * Giving memory back. A thread that has done much and then has nothing to do never collects its garbage, so that what passed through it in
 * one large reading would count as used for as long as it is idle.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** Collects the garbage of this thread now. It takes some milliseconds per 10 MB that are in use: call it after large work only. */
export function collectGarbage(): void {
  if (!collect) {
    // The collector can be reached by a context that is made after the flag was set.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('globalThis.gc') as () => void;
  }
  collect();
}

const restMs = 4_000;
/** A thread that works for more of the time than this collects its garbage by itself, and would stall what it works on. */
const mostWork = 0.1;
let waiting: NodeJS.Timeout | undefined;
let before = performance.eventLoopUtilization();

/** Collects the garbage of this thread once it has rested for some seconds: call it after each piece of large work. */
export function collectGarbageLater(): void {
  if (waiting) {
    waiting.refresh();
    return;
  }
  before = performance.eventLoopUtilization();
  waiting = setTimeout(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > mostWork) {
      waiting?.refresh();
      return;
    }
    waiting = undefined;
    collectGarbage();
  }, restMs).unref();
}
