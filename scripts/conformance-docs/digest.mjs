/** What a reader gets from a page's HTML: text, headings, links, images, code, tables and admonitions, without how they are marked up. */

const token = /<!--[^]*?-->|<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</g;
const attribute = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;
const entities = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  para: '¶',
  copy: '©',
  reg: '®',
  trade: '™',
  rarr: '→',
  larr: '←',
  harr: '↔',
  plusmn: '±',
  ne: '≠',
  frac12: '½',
  frac14: '¼',
  frac34: '¾',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  laquo: '«',
  raquo: '»',
  check: '✓',
  times: '×',
  le: '≤',
  ge: '≥',
  middot: '·',
  bull: '•',
  emsp: ' ',
  ensp: ' ',
  star: '☆',
};
export const decode = (text) =>
  text.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|([a-z]\w*));/gi, (all, hex, number, name) => {
    if (hex || number) {
      const code = hex ? parseInt(hex, 16) : Number(number);
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : '';
    }
    return entities[name] ?? all;
  });

const empty = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const inline = new Set(
  'a abbr b bdi bdo cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup tt u var svg path input img script'.split(
    ' ',
  ),
);
const closesParagraph = new Set('div p pre ul ol dl table blockquote details h1 h2 h3 h4 h5 h6 hr section'.split(' '));
const silent = new Set(['script', 'style', 'svg']);

function attributesOf(text) {
  const found = {};
  for (const [, name, double, single, bare] of text.matchAll(attribute))
    found[name.toLowerCase()] ??= decode(double ?? single ?? bare ?? '');
  return found;
}

const squeeze = (text) => text.replaceAll(/\s+/g, ' ').trim();
const icon = /:(?:material|octicons|fontawesome|simple)-[\w-]+:/g;
/** Words, without what marks lists and quotes, icons and emoji. */
const words = (text) =>
  squeeze(
    text.replaceAll(icon, '').replaceAll(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{FE0F}|\u{200D}/gu, ''),
  )
    .split(' ')
    .filter((word) => !/^(?:[-*+>]|\d+[.)])$/.test(word))
    .join(' ');

/** @param base address of the page in its site, such as `/guide/setup/` */
export function digest(html, base) {
  const found = { text: '', headings: [], links: [], images: [], code: [], tables: [], admonitions: [] };
  let text = '';
  const stack = [];
  const open = (name) => stack.some((one) => one.name === name);
  const at = (address) => {
    try {
      const url = new URL(address, `http://site${base}`);
      // A page is a folder with a start page, and reached without the slash at its end too.
      return decodeURI(
        url.host === 'site'
          ? url.pathname.replace(/\/index\.html$/, '/').replace(/\/([^/.]+)$/, '/$1/') + url.search + url.hash
          : url.href,
      );
    } catch {
      return address;
    }
  };
  const close = (one) => {
    if (!one.hidden && stack.some((above) => above.hidden)) return;
    const content = text.slice(one.start);
    const { name, attributes } = one;
    if (one.hidden) text = text.slice(0, one.start);
    else if (/^h[1-6]$/.test(name)) found.headings.push(`${name} #${attributes.id ?? ''} ${words(content)}`);
    else if (
      name === 'a' &&
      attributes.href !== undefined &&
      !attributes.href.startsWith('#__codelineno') &&
      !/^(?:headerlink|footnote-backref)/.test(attributes.class ?? '')
    )
      found.links.push(`${at(attributes.href)} ${words(content)}`);
    else if (name === 'pre' || (name === 'div' && /\bmermaid\b/.test(attributes.class ?? ''))) {
      const language =
        /\blanguage-([\w#.+-]+)/.exec(`${attributes.class ?? ''} ${one.inner ?? ''} ${one.outer ?? ''}`)?.[1] ??
        (/\bmermaid\b/.test(attributes.class ?? '') ? 'mermaid' : '');
      found.code.push(`${language === 'text' ? '' : language} ${squeeze(content)}`);
    } else if (name === 'table' && !/(?:highlight|codehilite)table/.test(attributes.class ?? ''))
      found.tables.push(words(content));
    else if (/\badmonition-title\b/.test(attributes.class ?? '') || name === 'summary')
      found.admonitions.push(`${one.outer ?? ''} ${words(content)}`);
    if (!inline.has(name)) text += ' ';
  };
  for (const match of html.matchAll(token)) {
    const [all, closing, rawName, rest] = match;
    if (rawName === undefined) {
      if (!all.startsWith('<!--')) text += decode(all);
      continue;
    }
    const name = rawName.toLowerCase();
    if (closing) {
      const index = stack.findLastIndex((one) => one.name === name);
      if (index >= 0) while (stack.length > index) close(stack.pop());
      continue;
    }
    const attributes = attributesOf(rest);
    // As a browser does: a block ends the paragraph before it.
    if (closesParagraph.has(name) && stack.at(-1)?.name === 'p') close(stack.pop());
    const parent = stack.at(-1);
    if (name === 'code' && parent?.name === 'pre') parent.inner = attributes.class ?? '';
    if (name === 'img') {
      if (/\b(?:emojione|twemoji|gemoji)\b/.test(attributes.class ?? '')) text += attributes.alt ?? '';
      else found.images.push(`${at(attributes.src ?? '')} ${attributes.alt ?? ''}`);
      continue;
    }
    if (!inline.has(name)) text += ' ';
    if (empty.has(name) || rest.endsWith('/')) continue;
    const hidden =
      silent.has(name) ||
      /\b(?:headerlink|footnote-backref|linenodiv)\b/.test(attributes.class ?? '') ||
      (name === 'td' && /\blinenos\b/.test(attributes.class ?? '')) ||
      (name === 'span' && /\bfilename\b/.test(attributes.class ?? ''));
    const outer =
      name === 'summary' || /admonition-title/.test(attributes.class ?? '')
        ? (parent?.attributes.class ?? '')
        : [...stack]
            .reverse()
            .slice(0, 6)
            .map((one) => one.attributes.class ?? '')
            .find((one) => /\blanguage-/.test(one));
    stack.push({ name, attributes, start: text.length, hidden: hidden && !(name === 'script' && open('pre')), outer });
    if (name === 'script' || name === 'style') continue;
  }
  while (stack.length > 0) close(stack.pop());
  found.text = words(text);
  return found;
}

/** The kinds in which two digests differ, each with the first place. */
export function differences(ours, theirs) {
  const found = [];
  for (const kind of Object.keys(theirs)) {
    if (kind === 'text') {
      if (ours.text === theirs.text) continue;
      const [one, other] = [ours.text.split(' '), theirs.text.split(' ')];
      let index = 0;
      while (one[index] === other[index]) index++;
      const part = (list) => list.slice(Math.max(0, index - 4), index + 10).join(' ');
      found.push({ kind, ours: part(one), theirs: part(other) });
      continue;
    }
    // A reference without a language says nothing about it.
    const same = (one, other) =>
      one === other || (kind === 'code' && one.startsWith(' ') && one === other?.replace(/^[^ ]*/, ''));
    const index = theirs[kind].findIndex((one, place) => !same(one, ours[kind][place]));
    if (index >= 0 || ours[kind].length !== theirs[kind].length) {
      const place = index >= 0 ? index : theirs[kind].length;
      found.push({
        kind,
        ours: (ours[kind][place] ?? '').slice(0, 160),
        theirs: (theirs[kind][place] ?? '').slice(0, 160),
      });
    }
  }
  return found;
}
