import type { Page } from '../page.ts';
import { element, isElement, raw, type Element, type Node } from './nodes.ts';
import { smartener } from './smart-quotes.ts';

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

/** `(c)`, `-->`, `1/2`, `1st` as signs; finished ones are no text that quotes stand beside. */
function symbols(text: string, finished: boolean): Node[] {
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
    } else add(finished ? raw(sign) : sign);
    position = match.index + found.length;
  }
  if (position < text.length) add(text.slice(position));
  return nodes;
}

/** Typography, in all text that is neither code nor a bare address. */
export function applyTypography(page: Page, root: Element) {
  const useSymbols = page.features.has('pymdownx.smartsymbols');
  const smarten = page.features.has('smarty') ? smartener(page.features) : undefined;
  if (!useSymbols && !smarten) return;
  const visit = (node: Element) => {
    if (node.atomic || verbatim.has(node.tag)) return;
    for (const child of node.children) if (isElement(child)) visit(child);
    // Signs first: dashes are a part of arrows.
    if (useSymbols)
      node.children = node.children.flatMap((child) =>
        typeof child === 'string' ? symbols(child, smarten !== undefined) : [child],
      );
    if (smarten) node.children = smarten(node.children);
  };
  visit(root);
}
