import { isGeneric } from '../pre/math.ts';
import { element } from '../tree/nodes.ts';
import { plainText, type Context, type Found, type Pattern } from './pattern.ts';

type Runs = { byLength: Map<number, number[]> };
const known = new WeakMap<Context, Runs>();

function runsOf(context: Context): Runs {
  let runs = known.get(context);
  if (runs) return runs;
  runs = { byLength: new Map() };
  const { text } = context;
  for (let start = text.indexOf('`'), end = start; start >= 0; start = text.indexOf('`', end)) {
    for (end = start + 1; text[end] === '`';) end += 1;
    const list = runs.byLength.get(end - start);
    if (list) list.push(start);
    else runs.byLength.set(end - start, [start]);
  }
  known.set(context, runs);
  return runs;
}

/** The first number of a sorted list that is above a limit. */
function firstAbove(list: readonly number[], limit: number) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return list[low];
}

const language = /^(?::{3,}|#!)([\w#.+-]*)\s+(?=\S)/;

/** Code spans; with `languages` also `#!lang code`. Two backslashes before a span are one. */
export const backticks = (languages: boolean): Pattern => ({
  name: 'backtick',
  needs: ['`'],
  regex: /(\\*)(`+)/g,
  handle(match, context): Found | undefined {
    const { text } = context;
    const slashes = match[1]?.length ?? 0;
    let start = match.index + slashes;
    let length = match[2]?.length ?? 0;
    // An escaped backtick does not open code; the rest of its run may.
    if (slashes % 2 === 1) {
      start++;
      length--;
    }
    const { byLength } = runsOf(context);
    for (let size = length; size > 0; size--) {
      const closing = firstAbove(byLength.get(size) ?? [], match.index + match[0].length - 1);
      if (closing === undefined) continue;
      const content = text.slice(start + size, closing);
      const found = languages ? language.exec(content) : null;
      const name = found?.[1];
      const code = plainText(context.page, found ? content.slice(found[0].length) : content).trim();
      if (!code && !content) continue;
      const node = element('code', name ? { class: `language-${name}` } : {}, code ? [code] : []);
      node.atomic = true;
      const head = slashes > 1 && slashes % 2 === 0 ? '\\'.repeat(slashes / 2) : '';
      if (!head) return { node, start, end: closing + size };
      const holder = element('span', {}, [head, node]);
      return { node: holder, start: match.index, end: closing + size };
    }
    return undefined;
  },
});

/** Math between dollar signs or `\(` and `\)`, and blocks of it in running text. */
export const math = (smart: boolean): Pattern => ({
  name: 'math',
  needs: ['$', '\\('],
  regex: smart
    ? /(?<!\\)(?:\\\\)*(?:\$(?![\s$])((?:\\.|[^\\$]){1,4000}?)(?<!\s)\$|\\\(((?:\\[^)]|[^\\]){1,4000}?)\\\))/gs
    : /(?<!\\)(?:\\\\)*(?:\$((?:\\.|[^\\$]){1,4000}?)\$|\\\(((?:\\[^)]|[^\\]){1,4000}?)\\\))/gs,
  handle(match, { page }) {
    const formula = plainText(page, match[1] ?? match[2] ?? '');
    const node = element('span', { class: 'arithmatex' }, [isGeneric(page) ? `\\(${formula}\\)` : formula]);
    node.atomic = true;
    return { node, start: match.index, end: match.index + match[0].length };
  },
});
