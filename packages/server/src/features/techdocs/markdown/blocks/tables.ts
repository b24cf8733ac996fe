import { append, setSource, type Element } from '../tree/nodes.ts';
import type { Processor } from './parser.ts';

const endBorder = /(?<!\\)(?:\\\\)*\|$/;
const tokens = /(\\\\)|(\\`+)|(`+)|(\\\|)|(\|)/g;

/** Cuts a row without escapes at the pipes outside code between single backticks. */
function splitOutsideCode(row: string): string[] {
  const cells: string[] = [];
  let from = 0;
  let tick = row.indexOf('`');
  for (let pipe = row.indexOf('|'); pipe >= 0; pipe = row.indexOf('|', pipe)) {
    if (tick >= 0 && tick < pipe) {
      const end = row.indexOf('`', tick + 1);
      tick = end < 0 ? -1 : row.indexOf('`', end + 1);
      if (end > pipe) pipe = end + 1;
      continue;
    }
    cells.push(row.slice(from, pipe));
    from = pipe += 1;
  }
  cells.push(row.slice(from));
  return cells;
}

/** Cuts a row at the pipes that are neither escaped nor inside a code span. */
function splitRow(text: string, border: boolean): string[] {
  let row = text;
  if (border) {
    if (row.startsWith('|')) row = row.slice(1);
    if (endBorder.test(row)) row = row.slice(0, -1);
  }
  if (!row.includes('`') && !row.includes('\\')) return row.split('|');
  if (!row.includes('\\') && !row.includes('``')) return splitOutsideCode(row);
  const ticks: { size: number; escaped: number; start: number; end: number }[] = [];
  const pipes: number[] = [];
  for (const match of row.matchAll(tokens)) {
    const run = match[2] ?? match[3];
    if (run !== undefined) {
      const escaped = match[2] === undefined ? 0 : 1;
      ticks.push({ size: run.length - escaped, escaped, start: match.index, end: match.index + run.length - 1 });
    } else if (match[5] !== undefined) pipes.push(match.index);
  }
  const places = new Map<number, number[]>();
  ticks.forEach((tick, index) => {
    const list = places.get(tick.size);
    if (list) list.push(index);
    else places.set(tick.size, [index]);
  });
  const regions: [number, number][] = [];
  for (let position = 0; position < ticks.length; position++) {
    const tick = ticks[position];
    if (!tick) break;
    const size = tick.size - tick.escaped;
    const list = places.get(size) ?? [];
    while (list.length > 0 && (list[0] ?? 0) <= position) list.shift();
    const closing = ticks[list[0] ?? -1];
    if (size <= 0 || !closing) continue;
    regions.push([tick.start, closing.end]);
    position = list[0] ?? position;
  }
  const cells: string[] = [];
  let from = 0;
  let region = 0;
  for (const pipe of pipes) {
    while (region < regions.length && (regions[region]?.[1] ?? 0) < pipe) region++;
    const [start = Infinity] = regions[region] ?? [];
    if (start <= pipe) continue;
    cells.push(row.slice(from, pipe));
    from = pipe + 1;
  }
  cells.push(row.slice(from));
  return cells;
}

function trimSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start += 1;
  while (end > start && text[end - 1] === ' ') end -= 1;
  return text.slice(start, end);
}

type Shape = { border: boolean; separator: string[]; rows: string[] };

function shapeOf(block: string): Shape | undefined {
  const rows = block.split('\n').map(trimSpaces);
  const [header = '', rule] = rows;
  if (rule === undefined || !/^[|:\- ]+$/.test(rule)) return undefined;
  const border = header.startsWith('|') || endBorder.test(header);
  const cells = splitRow(header, border);
  if (cells.length === 1) {
    if (!border || !rows.slice(1).every((row) => row.startsWith('|') || endBorder.test(row))) return undefined;
  }
  const separator = splitRow(rule, border);
  return separator.length === cells.length ? { border, separator, rows } : undefined;
}

function addRow(parent: Element, tag: 'td' | 'th', cells: string[], alignments: string[]) {
  const row = append(parent, 'tr');
  alignments.forEach((alignment, index) => {
    const cell = append(row, tag, alignment ? { style: `text-align: ${alignment};` } : {});
    setSource(cell, trimSpaces(cells[index] ?? ''));
  });
}

/** Pipe tables. */
export const table: Processor = (_parser, parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes('|')) return false;
  const shape = shapeOf(block);
  if (!shape) return false;
  blocks.pop();
  const { border, separator, rows } = shape;
  const alignments = separator.map((cell) => {
    const text = trimSpaces(cell);
    if (text.startsWith(':')) return text.endsWith(':') ? 'center' : 'left';
    return text.endsWith(':') ? 'right' : '';
  });
  const node = append(parent, 'table');
  addRow(append(node, 'thead'), 'th', splitRow(rows[0] ?? '', border), alignments);
  const body = append(node, 'tbody');
  const rest = rows.slice(2);
  if (rest.length === 0) addRow(body, 'td', [], alignments);
  for (const row of rest) addRow(body, 'td', splitRow(row, border), alignments);
  return true;
};
