/** One line of a comparison. `before` and `after` are its numbers in the two texts, counted from 1. */
export type DiffLine = { kind: 'same' | 'removed' | 'added'; text: string; before?: number; after?: number };

/** Beyond this many cells a comparison line by line takes too long; the texts are then shown as replaced. */
const mostCells = 4_000_000;

/** The lines of a text; one at its end is not counted as an empty line. */
export const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** What the middle parts, without what is equal at both ends, have in common: the longest sequence. */
function middle(a: string[], b: string[]): ['same' | 'removed' | 'added', string][] {
  if (a.length * b.length > mostCells)
    return [...a.map((text) => ['removed', text] as const), ...b.map((text) => ['added', text] as const)].map(
      ([kind, text]) => [kind, text],
    );
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const found: ['same' | 'removed' | 'added', string][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push(['same', a[i]!]);
      i += 1;
      j += 1;
    } else if (i < a.length && (j === b.length || lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      found.push(['removed', a[i]!]);
      i += 1;
    } else {
      found.push(['added', b[j]!]);
      j += 1;
    }
  }
  return found;
}

/** Compares two texts line by line. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const all: ['same' | 'removed' | 'added', string][] = [
    ...a.slice(0, start).map((text): ['same', string] => ['same', text]),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map((text): ['same', string] => ['same', text]),
  ];
  let [old, now] = [0, 0];
  return all.map(([kind, text]): DiffLine => {
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') now += 1;
    return { kind, text, ...(kind !== 'added' && { before: old }), ...(kind !== 'removed' && { after: now }) };
  });
}

/** Parts of a comparison that differ, each with some equal lines around. */
export function hunksOf(lines: DiffLine[], around = 3): DiffLine[][] {
  const hunks: DiffLine[][] = [];
  let last = -1;
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    const from = Math.max(0, index - around);
    if (hunks.length === 0 || from > last) hunks.push([]);
    for (let at = Math.max(from, last); at <= Math.min(lines.length - 1, index + around); at += 1)
      if (at >= last) hunks.at(-1)!.push(lines[at]!);
    last = Math.min(lines.length, index + around + 1);
  });
  return hunks;
}

const marks = { same: ' ', removed: '-', added: '+' };

/**
 * The change of a file as a patch that `git apply` and `patch` take.
 *
 * @param path - of the file, as the patch names it
 */
export function patchOf(path: string, before: string, after: string): string {
  const [oldCount, newCount] = [linesOf(before).length, linesOf(after).length];
  const lacksEnd = (text: string) => text !== '' && !text.endsWith('\n');
  const oldEnds = (line: DiffLine) => line.before === oldCount && lacksEnd(before);
  const newEnds = (line: DiffLine) => line.after === newCount && lacksEnd(after);
  // A line that only gains or loses its line break is another line to a patch.
  const lines = diffLines(before, after).flatMap((line): DiffLine[] =>
    line.kind === 'same' && oldEnds(line) !== newEnds(line)
      ? [
          { kind: 'removed', text: line.text, before: line.before! },
          { kind: 'added', text: line.text, after: line.after! },
        ]
      : [line],
  );
  const body = hunksOf(lines).map((hunk) => {
    const olds = hunk.filter(({ kind }) => kind !== 'added');
    const news = hunk.filter(({ kind }) => kind !== 'removed');
    const first = hunk[0]!;
    const oldStart = olds[0]?.before ?? Math.max(0, (first.after ?? 1) - 1);
    const newStart = news[0]?.after ?? Math.max(0, (first.before ?? 1) - 1);
    const rows = hunk.map(
      (line) =>
        `${marks[line.kind]}${line.text}\n${oldEnds(line) || newEnds(line) ? '\\ No newline at end of file\n' : ''}`,
    );
    return `@@ -${oldStart},${olds.length} +${newStart},${news.length} @@\n${rows.join('')}`;
  });
  return body.length === 0 ? '' : `--- a/${path}\n+++ b/${path}\n${body.join('')}`;
}
