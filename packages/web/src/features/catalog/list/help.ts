import type { Briefs } from '../briefs.ts';
import type { Kinds } from '../kinds.ts';

/** What the cells of a list need to know beside their entity, asked once for all rows. */
export type CellHelp = {
  kinds: Kinds;
  briefs: Briefs;
  starred: ReadonlySet<string>;
  toggleStar: (entityRef: string) => void;
  /** Whether the rows are of several kinds, which their icons tell apart. */
  mixed: boolean;
  /** Whether a row has its name only, and a second line for the rest. */
  narrow: boolean;
};

/** Whether a row that names these entities looks the same with the other help. */
export const isSameHelp = (before: CellHelp, after: CellHelp, own: string, named: readonly string[]): boolean =>
  before === after ||
  (before.kinds === after.kinds &&
    before.toggleStar === after.toggleStar &&
    before.mixed === after.mixed &&
    before.narrow === after.narrow &&
    before.starred.has(own) === after.starred.has(own) &&
    (before.briefs === after.briefs || named.every((ref) => before.briefs.get(ref) === after.briefs.get(ref))));
