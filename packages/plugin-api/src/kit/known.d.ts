import type { ViewModel } from '@callboard/model/plugins';

/** What is wrong with the far side, and since when. */
export type Problem = { message: string; since: number };
/** A value with its age; `problem` says why there is nothing newer. */
export type Known<T> = { value: T; at: number; problem?: Problem };

/**
 * Gives what is known under a key: at once if it is not older than `freshMs` or the far side failed a moment ago, else after asking again and
 * waiting a moment for it. Where nothing is known yet it waits until the time `until`.
 *
 * @throws Error when nothing is known; it says why
 */
export type Knowing = {
  <T>(key: string, how: { freshMs: number; until: number; ask: () => Promise<T> }): Promise<Known<T>>;
  /** What is known under keys that begin so counts as old from now on, as a hook tells. It is still there if nothing newer comes. */
  forget(beginning: string): void;
};

/** What is wrong, as a sentence for the note of a view: `Not up to date since 2027-01-31 12:00 UTC: …`. */
export declare function problemWords(problem: Problem): string;

/** A view with the age and the problem of what it shows, when there is one. */
export declare function withAge<View extends ViewModel>(
  view: View,
  known: Pick<Known<unknown>, 'at' | 'problem'>,
): View;

/**
 * Keeps what the far side said. A page gets what is known at once and never waits for a far side that is slow or down: something newer is asked for
 * beside it, once however many want it, and not again for a moment after a failure.
 *
 * @param options.onLate - told when something came that somebody had not waited for: say `host.changed` there
 * @param options.patienceMs - so long somebody waits who has an older value already; 200 when absent
 * @param options.restMs - so long a far side that failed is left alone; 5,000 when absent
 * @param options.most - so many keys are kept, those that were asked for last; 2,000 when absent
 */
export declare function createKnown(options: {
  onLate: () => void;
  patienceMs?: number;
  restMs?: number;
  most?: number;
}): Knowing;
