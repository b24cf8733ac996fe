/** A value in the way in which it is written: as it is stored, as the descriptor has it where that differs, and 1 for the item of an array. */
export type Written = { value: string; original: string | null; item: number };

/** The entities of a selection: 1 at the place of the id of each. */
export type Mask = Uint8Array<ArrayBuffer>;

/** The values that entities have under one key. A list of cells for each entity, in plain arrays: 100,000 values take about one megabyte. */
export type Column = {
  /** by code */
  written: Written[];
  codes: Map<string, number>;
  /** the first cell of each entity, by id; 0 where it has none */
  first: Int32Array<ArrayBuffer>;
  /** of each cell its code and the entity's next cell */
  code: Int32Array<ArrayBuffer>;
  next: Int32Array<ArrayBuffer>;
  /** cells in use; the one at 0 belongs to nobody */
  used: number;
};

export const emptyColumn = (): Column => ({
  written: [],
  codes: new Map(),
  first: new Int32Array(1024),
  code: new Int32Array(1024),
  next: new Int32Array(1024),
  used: 1,
});

/** The same array, or a longer one where the place does not fit. */
export function roomFor<T extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(array: T, place: number): T {
  if (place < array.length) return array;
  const longer = new (array.constructor as new (length: number) => T)(Math.ceil((place + 1) * 1.25));
  longer.set(array);
  return longer;
}

/** The code of a value, given to it when it is new. */
export function codeOf(column: Column, written: Written): number {
  const key = JSON.stringify([written.value, written.original, written.item]);
  const known = column.codes.get(key);
  if (known !== undefined) return known;
  const code = column.written.push(written) - 1;
  column.codes.set(key, code);
  return code;
}

/** Gives an entity one value more. */
export function addValue(column: Column, id: number, code: number): void {
  const cell = column.used;
  column.first = roomFor(column.first, id);
  column.code = roomFor(column.code, cell);
  column.next = roomFor(column.next, cell);
  column.code[cell] = code;
  column.next[cell] = column.first[id]!;
  column.first[id] = cell;
  column.used += 1;
}

/** Takes all values of an entity away. Their cells stay unused until the column is read anew. */
export function clearValues(column: Column, id: number): void {
  if (id < column.first.length) column.first[id] = 0;
}

/** How many entities of a selection have each value, by code. */
export function countValues({ written, first, code, next }: Column, mask: Mask): Int32Array {
  const counts = new Int32Array(written.length);
  const end = Math.min(mask.length, first.length);
  for (let id = 0; id < end; id += 1) {
    if (mask[id] === 0) continue;
    for (let cell = first[id]!; cell !== 0; cell = next[cell]!) counts[code[cell]!]! += 1;
  }
  return counts;
}

/** Adds to a mask the entities that have a value which passes. */
export function markWhere(
  { written, first, code, next }: Column,
  passes: (written: Written) => boolean,
  mask: Mask,
): void {
  const wanted = Uint8Array.from(written, (each) => (passes(each) ? 1 : 0));
  if (!wanted.includes(1)) return;
  const end = Math.min(mask.length, first.length);
  for (let id = 0; id < end; id += 1)
    for (let cell = first[id]!; cell !== 0; cell = next[cell]!)
      if (wanted[code[cell]!] === 1) {
        mask[id] = 1;
        break;
      }
}
