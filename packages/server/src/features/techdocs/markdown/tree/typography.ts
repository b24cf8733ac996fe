import type { Page } from '../page.ts';
import { element, isElement, type Element, type Node } from './nodes.ts';

const verbatim = new Set(['code', 'pre', 'script', 'style', 'kbd']);

const fractions: Record<string, string> = {
  '1/4': '¼',
  '1/2': '½',
  '3/4': '¾',
  '1/3': '⅓',
  '2/3': '⅔',
  '1/5': '⅕',
  '2/5': '⅖',
  '3/5': '⅗',
  '4/5': '⅘',
  '1/6': '⅙',
  '5/6': '⅚',
  '1/8': '⅛',
  '3/8': '⅜',
  '5/8': '⅝',
  '7/8': '⅞',
};
const signs: Record<string, string> = {
  '(tm)': '™',
  '(c)': '©',
  '(r)': '®',
  '+/-': '±',
  '=/=': '≠',
  'c/o': '℅',
  '-->': '→',
  '<--': '←',
  '<-->': '↔',
  ...fractions,
};
const symbol =
  /\((?:tm|c|r)\)|\+\/-|=\/=|\bc\/o\b|<--(?:>|(?!-))|(?<!-)-->|(?<!\d)(?:[1-57]\/8|[1-4]\/5|[15]\/6|[13]\/4|[12]\/3|1\/2)(?!\d)|\b(?:[1-9]\d*)?(?:(?<=1)[123]th|1st|2nd|3rd|[04-9]th)\b/g;

/** `(c)`, `-->`, `1/2`, `1st` as signs. */
function symbols(text: string): Node[] {
  const nodes: Node[] = [];
  let position = 0;
  const add = (part: Node) => {
    const last = nodes.length - 1;
    if (typeof part === 'string' && typeof nodes[last] === 'string') nodes[last] += part;
    else nodes.push(part);
  };
  for (const match of text.matchAll(symbol)) {
    const [found] = match;
    const sign = signs[found];
    if (sign === undefined && !/^\d/.test(found)) continue;
    if (match.index > position) add(text.slice(position, match.index));
    if (sign === undefined) {
      add(found.slice(0, -2));
      nodes.push(element('sup', {}, [found.slice(-2)]));
    } else add(sign);
    position = match.index + found.length;
  }
  if (position < text.length) add(text.slice(position));
  return nodes;
}

/** Curly quotes, dashes and ellipses. */
function smarten(text: string, before: string, quotes: boolean, dashes: boolean, ellipses: boolean): string {
  let result = text;
  if (dashes) result = result.replaceAll(/(?<!-)---(?!-)/g, '—').replaceAll(/(?<!-)--(?!-)/g, '–');
  if (ellipses) result = result.replaceAll(/(?<!\.)\.{3}(?!\.)/g, '…');
  if (!quotes || !/["']/.test(result)) return result;
  return result.replaceAll(/["']/g, (quote: string, index: number) => {
    const previous = index > 0 ? (result[index - 1] ?? '') : before;
    const next = result[index + 1] ?? '';
    const double = quote === '"';
    if (!double && /^\d\ds\b/.test(result.slice(index + 1, index + 5)) && !/[\p{L}\p{N}]/u.test(previous)) return '’';
    if (previous === '' || /[\s([{\-–—“‘<>/]/.test(previous)) {
      if (next === '' || /\s/.test(next))
        return previous === '' && next === '' ? (double ? '”' : '’') : double ? '”' : '’';
      return double ? '“' : '‘';
    }
    return double ? '”' : '’';
  });
}

/** Typography, in all text that is neither code nor a bare address. */
export function applyTypography(page: Page, root: Element) {
  const { has, option } = page.features;
  const useSymbols = has('pymdownx.smartsymbols');
  const useSmarty = has('smarty');
  if (!useSymbols && !useSmarty) return;
  const [quotes, dashes, ellipses] = ['smart_quotes', 'smart_dashes', 'smart_ellipses'].map(
    (key) => option('smarty', key) !== false,
  );
  let before = '';
  const visit = (node: Element) => {
    if (node.atomic || verbatim.has(node.tag)) {
      before = 'x';
      return;
    }
    const children: Node[] = [];
    if (!['a', 'em', 'strong', 'span', 'b', 'i', 'abbr', 'del', 'ins', 'mark', 'sup', 'sub'].includes(node.tag))
      before = '';
    for (const child of node.children) {
      if (typeof child !== 'string') {
        if (isElement(child)) visit(child);
        else if (typeof child === 'object' && child.type === 'raw') before = child.raw.endsWith('>') ? before : 'x';
        children.push(child);
        continue;
      }
      // Signs first: dashes are a part of arrows.
      for (const part of useSymbols ? symbols(child) : [child]) {
        const isText = typeof part === 'string';
        children.push(
          isText && useSmarty ? smarten(part, before, quotes ?? true, dashes ?? true, ellipses ?? true) : part,
        );
        before = isText ? (part.at(-1) ?? before) : 'x';
      }
    }
    node.children = children;
  };
  visit(root);
}
