import { isAbsolute, join } from 'node:path';
import type { Problem } from '@callboard/model';
import type { OpenSite } from './page-reader.ts';
import type { Note } from './site/types.ts';

/** The name under which the catalog keeps what is wrong with documents. */
export const docsReporter = 'techdocs';

/** The report of a site shows more. */
const most = 1_000;

/** Notes as the catalog shows problems: with the place of the file. */
export function toProblems({ tree }: OpenSite, notes: readonly Note[]): Problem[] {
  return notes.slice(0, most).map(({ file, ...note }) => {
    if (file === undefined) return note;
    const { view } = tree.pages(file);
    const location =
      view !== undefined ? `url:${view}` : isAbsolute(tree.name) ? `file:${join(tree.name, file)}` : undefined;
    return { ...note, ...(location !== undefined && { location }) };
  });
}
