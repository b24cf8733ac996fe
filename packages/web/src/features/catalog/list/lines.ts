/** A part of the list: what belongs together under one heading, or all of it without one. */
export type Part = { key: string; count: number };
export type Line = { part: number; row: number | 'heading' };

/** Which line of the list shows what, without a list of all lines: a catalog may have a hundred thousand. */
export type Lines = { total: number; at: (index: number) => Line };

/**
 * Lays out the parts of a list one after the other.
 *
 * @param headings - whether each part has a line of its own above its rows
 * @param folded - keys of the parts that show their heading only
 */
export function layOut(parts: Part[], headings: boolean, folded: ReadonlySet<string>): Lines {
  const above = headings ? 1 : 0;
  const starts: number[] = [];
  let total = 0;
  for (const { key, count } of parts) {
    starts.push(total);
    total += above + (folded.has(key) ? 0 : count);
  }
  const partAt = (index: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    total,
    at: (index) => {
      const part = partAt(index);
      const row = index - (starts[part] ?? 0) - above;
      return { part, row: row < 0 ? 'heading' : row };
    },
  };
}
