import { hasShorthand } from '../formats/repository-links.ts';
import { open, type Page } from '../page.ts';
import { assign } from '../tree/attribute-lists.ts';
import { element, raw, type Node } from '../tree/nodes.ts';
import { escaped, plainText, type Pattern } from './pattern.ts';

const whole = (match: RegExpExecArray, node: Node) => ({
  node,
  start: match.index,
  end: match.index + match[0].length,
});

/** A backslash before a character that means something. */
export function escape(page: Page): Pattern {
  const { has } = page.features;
  let characters = '\\`*_{}[]()>#+-.!';
  if (has('tables')) characters += '|';
  if (has('pymdownx.tilde')) characters += '~ ';
  if (has('pymdownx.caret')) characters += '^ ';
  if (has('pymdownx.mark')) characters += '=';
  if (has('pymdownx.emoji')) characters += ':';
  if (has('pymdownx.progressbar')) characters += '=';
  if (has('pymdownx.arithmatex')) characters += '$';
  if (has('smarty')) characters += `"'`;
  if (hasShorthand(page.features)) characters += '@';
  const all = has('pymdownx.escapeall');
  return {
    name: 'escape',
    needs: ['\\'],
    regex: new RegExp(String.raw`\\([^${open}])`, 'gs'),
    handle(match) {
      const character = match[1] ?? '';
      if (!all && !characters.includes(character)) return { start: match.index, end: match.index + match[0].length };
      return whole(match, escaped(character));
    },
  };
}

export const footnoteReference: Pattern = {
  name: 'footnote',
  needs: ['[^'],
  regex: /\[\^([^\]]*)\]/g,
  handle(match, { page }) {
    const id = match[1] ?? '';
    if (!page.footnotes.has(id)) return undefined;
    const uses = (page.footnoteUses.get(id) ?? 0) + 1;
    page.footnoteUses.set(id, uses);
    const number = [...page.footnotes.keys()].indexOf(id) + 1;
    const link = element('a', { class: 'footnote-ref', href: `#fn:${id}` }, [String(number)]);
    link.atomic = true;
    return whole(match, element('sup', { id: `fnref${uses > 1 ? uses : ''}:${id}` }, [link]));
  },
};

export const autolink: Pattern = {
  name: 'autolink',
  needs: ['<'],
  regex: /<((?:f|ht)tps?:\/\/[^<>]*)>/gi,
  handle(match, { page }) {
    const url = plainText(page, match[1] ?? '');
    const link = element('a', { href: url }, [url]);
    link.atomic = true;
    return whole(match, link);
  },
};

export const automail: Pattern = {
  name: 'automail',
  needs: ['@'],
  regex: /<([^<> !@]+@[^@<> ]+)>/g,
  handle(match, { page }) {
    const address = plainText(page, match[1] ?? '').replace(/^mailto:/, '');
    const link = element('a', { href: `mailto:${address}` }, [address]);
    link.atomic = true;
    return whole(match, link);
  },
};

export const lineBreak: Pattern = {
  name: 'linebreak',
  needs: ['  \n'],
  regex: / {2}\n/g,
  handle: (match) => whole(match, element('br')),
};

export const newLine: Pattern = {
  name: 'nl2br',
  needs: ['\n'],
  regex: /\n/g,
  handle: (match) => whole(match, element('br')),
};

const tag = /<(?:\/?[a-z][^<>@ ]*(?: [^<>]*)?|!--(?:(?!<!--|-->)[^])*--)>/iy;

export const html: Pattern = {
  name: 'html',
  needs: ['<'],
  // A tag that is found may be part of another: `<List<String>>`.
  startsAgain: true,
  regex: /</g,
  handle(match, { text }) {
    tag.lastIndex = match.index;
    const found = tag.exec(text);
    return found ? whole(found, raw(found[0])) : undefined;
  },
};

export const entity: Pattern = {
  name: 'entity',
  needs: ['&'],
  regex: /&(?:#\d+|#x[\da-f]+|[a-z\d]+);/gi,
  handle: (match) => whole(match, raw(match[0])),
};

export const loneMark: Pattern = {
  name: 'not_strong',
  needs: ['*', '_'],
  regex: /(?:^|\s)[*_](?:\s|$)/g,
  handle: (match) => whole(match, match[0]),
};

export const wikiLink: Pattern = {
  name: 'wikilink',
  needs: ['[['],
  regex: /\[\[([\p{L}\p{N}_ -]+)\]\]/gu,
  handle(match, { page }) {
    const label = (match[1] ?? '').trim();
    if (!label) return whole(match, '');
    const base = page.features.option('wikilinks', 'base_url');
    const end = page.features.option('wikilinks', 'end_url');
    const name = label.replaceAll(/([ ]+_)|(_[ ]+)|([ ]+)/g, '_');
    const href = `${typeof base === 'string' ? base : '/'}${name}${typeof end === 'string' ? end : '/'}`;
    return whole(match, element('a', { class: 'wikilink', href }, [label]));
  },
};

export const progress: Pattern = {
  name: 'progressbar',
  needs: ['[='],
  regex:
    /\[={1,}\s*(\d{1,12}(?:\.\d{1,12})?)(?:%|\s*\/\s*(\d{1,12}(?:\.\d{1,12})?))\s*(?:"([^"\n]*)")?\](?:\{:?([^}\n]{0,200})\})?/g,
  handle(match) {
    const total = match[2] === undefined ? 100 : Number(match[2]);
    const percent = total > 0 ? Math.min(100, (Number(match[1]) / total) * 100) : 100;
    const level = percent >= 100 ? 100 : Math.floor(percent / 20) * 20;
    const label = element('p', { class: 'progress-label' }, [match[3] ?? '']);
    const bar = element('div', { class: 'progress-bar', style: `width:${percent.toFixed(2)}%` }, [label]);
    const outer = element('div', { class: `progress progress-${level}plus` }, [bar]);
    assign(outer, (match[4] ?? '').trim());
    return whole(match, outer);
  },
};

/** The page's abbreviations as one pattern, longest first. */
export function abbreviations(page: Page): Pattern {
  const names = [...page.abbreviations.keys()].sort((one, other) => other.length - one.length);
  const any = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)).join('|');
  return {
    name: 'abbr',
    needs: names,
    regex: new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${any})(?![\p{L}\p{N}_])`, 'gu'),
    handle(match) {
      const node = element('abbr', { title: page.abbreviations.get(match[0]) ?? '' }, [match[0]]);
      node.atomic = true;
      return whole(match, node);
    },
  };
}
