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
let waiting: NodeJS.Timeout | undefined;

/** Collects the garbage of this thread once there was no large work for some seconds: call it after each piece of it. */
export function collectGarbageLater(): void {
  if (waiting) waiting.refresh();
  else
    waiting = setTimeout(() => {
      waiting = undefined;
      collectGarbage();
    }, restMs).unref();
}
