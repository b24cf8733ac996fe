import type { Features } from '../features.ts';
import { close, open } from '../page.ts';
import { isElement, pushAll, raw, type Node } from './nodes.ts';

const word = String.raw`[\p{L}\p{N}_]`;
const sign = String.raw`[!"#$%'()*+,\-.\/:;<=>?@[\\\]^\x60{|}~]`;
/** Behind one of these a quote closes; what was replaced before counts as none of them. */
const closes = String.raw`(?<=[^ \t\r\n[{(\-${open}${close}])`;
const opens = String.raw`(\s|–|—)`;

const mark = new RegExp(`${open}(\\d+)${close}`);
const kept = new RegExp(`${open}[^${close}]*${close}`, 'g');

type Rule = { regex: RegExp; text: string; /** What follows the quote and is replaced with it. */ before?: boolean };
const rule = (pattern: string, text: string, before?: boolean): Rule => ({
  regex: new RegExp(pattern, 'gu'),
  text,
  before,
});

// Made for the pages that need them: somebody waits for the first page.
const quoteRules = () => [
  rule(`^'(?=${sign}(?!${word})|_(?=${word}))`, '’'),
  rule(`^"(?=${sign}(?!${word})|_(?=${word}))`, '”'),
  rule(`"'(?=${word})`, '“‘'),
  rule(`'"(?=${word})`, '‘“'),
  rule(String.raw`(?<!${word})'(?=\p{Nd}{2}s)`, '’'),
  rule(`${opens}'(?=${word})`, '‘', true),
  rule(String.raw`${closes}'(?!\s|s(?!${word})|\p{Nd})`, '’'),
  rule(String.raw`${closes}'(\s|s(?!${word}))`, '’'),
  rule(`'`, '‘'),
  rule(`${opens}"(?=${word})`, '“', true),
  rule(String.raw`"(?=\s)`, '”'),
  rule(`${closes}"`, '”'),
  rule(`"`, '“'),
];
const dashRules = () => [rule('(?<!-)---(?!-)', '—'), rule('(?<!-)--(?!-)', '–')];
const ellipsisRules = () => [rule(String.raw`(?<!\.)\.{3}(?!\.)`, '…')];
const angleRules = () => [rule('<<', '«'), rule('>>', '»')];

/**
 * Replaces every match by a mark that stands for the finished part. A match right behind another one does not see what that one
 * replaced.
 */
function apply(text: string, { regex, text: wanted, before }: Rule, keep: (part: string) => string): string {
  const looksBehind = regex.source.startsWith('(?<=');
  let last = -1;
  return text.replaceAll(regex, (all: string, ...rest: unknown[]) => {
    const group = typeof rest[0] === 'string' ? rest[0] : '';
    const at = rest.find((one): one is number => typeof one === 'number') ?? 0;
    if (looksBehind && at === last) return all;
    last = at + all.length;
    return keep(before ? group + wanted : wanted + group);
  });
}

/** Curly quotes, dashes and ellipses, as the site wants them: a function for the children of an element. */
export function smartener({ option }: Features): (children: readonly Node[]) => Node[] {
  const wants = (key: string) => option('smarty', key) !== false;
  // In the order in which they apply.
  const rules = [
    ...(wants('smart_dashes') ? dashRules() : []),
    ...(option('smarty', 'smart_angled_quotes') === true ? angleRules() : []),
    ...(wants('smart_quotes') ? quoteRules() : []),
    ...(wants('smart_ellipses') ? ellipsisRules() : []),
  ];
  const written = option('smarty', 'substitutions');
  const names: Record<string, string> = {
    '—': 'mdash',
    '–': 'ndash',
    '…': 'ellipsis',
    '«': 'left-angle-quote',
    '»': 'right-angle-quote',
    '‘': 'left-single-quote',
    '’': 'right-single-quote',
    '“': 'left-double-quote',
    '”': 'right-double-quote',
  };
  const own = written && typeof written === 'object' && !Array.isArray(written) ? written : {};
  const shown = (text: string) =>
    text.replaceAll(/[—–…«»‘’“”]/g, (found) => {
      const said = own[names[found] ?? ''];
      return typeof said === 'string' ? said : found;
    });

  const smartenRun = (run: readonly Node[]): Node[] => {
    if (!run.some((node) => typeof node === 'string' && /["'.<>-]/.test(node))) return [...run];
    const parts: Node[] = [];
    const keep = (node: Node) => {
      parts.push(node);
      return `${open}${parts.length - 1}${close}`;
    };
    let text = run.map((node) => (typeof node === 'string' ? node.replaceAll(kept, keep) : keep(node))).join('');
    for (const one of rules)
      text = apply(text, one, (part) => keep(Object.keys(own).length > 0 ? raw(shown(part)) : part));
    const out: Node[] = [];
    for (const [index, piece] of text.split(mark).entries()) {
      const node = index % 2 === 0 ? piece : (parts[Number(piece)] ?? '');
      const before = out.at(-1);
      if (node === '') continue;
      if (typeof node === 'string' && typeof before === 'string') out[out.length - 1] = before + node;
      else out.push(node);
    }
    return out;
  };

  return (children) => {
    const out: Node[] = [];
    let run: Node[] = [];
    const flush = () => {
      pushAll(out, smartenRun(run));
      run = [];
    };
    for (const child of children) {
      if (typeof child === 'string' || (child.type === 'raw' && !child.block)) run.push(child);
      else {
        flush();
        out.push(child);
        // A line starts behind a break.
        if (isElement(child) && child.tag === 'br') run.push('\n');
      }
    }
    flush();
    return out;
  };
}
