import { Parser } from 'htmlparser2';

/** What is told of HTML, in order. Elements that stand in none are closed as soon as they are open. */
export type HtmlHandler = {
  onopentag(name: string, attributes: Record<string, string>): void;
  ontext(text: string): void;
  onclosetag(name: string): void;
};

const words = (text: string) => new Set(text.split(/\s+/));

/** Elements in which nothing follows other rules than those below. */
const plain = words(
  `a abbr article aside b bdi blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure footer
  h1 h2 h3 h4 h5 h6 header hr i img input ins kbd label li main mark nav ol p picture pre q s samp section small source span strike strong
  sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr`,
);
const drawn = words('circle ellipse g line path polygon polyline rect');
const empty = words('br col hr img input source wbr');
const headings = words('h1 h2 h3 h4 h5 h6 p');
const paragraph = words('p');
const cells = words('thead th td');
const terms = words('dd dt');
const parts = words('thead tbody');

/** Elements that are closed by one that begins in them. */
const closing = new Map<string, Set<string>>([
  ['tr', words('tr th td')],
  ['th', words('th')],
  ['td', cells],
  ['a', words('a')],
  ['li', words('li')],
  ['dd', terms],
  ['dt', terms],
  ['tbody', parts],
  ['tfoot', parts],
]);
for (const name of headings) closing.set(name, headings);
for (const name of words(
  'p article aside blockquote details div dl figcaption figure footer header hr main nav ol pre section table ul',
))
  closing.set(name, paragraph);

const characters: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
  copy: '\u00a9',
  para: '\u00b6',
  ndash: '\u2013',
  mdash: '\u2014',
  hellip: '\u2026',
};

/** Text with the characters that its entities stand for; undefined where one is not plain. */
function decoded(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isPlain = true;
  const result = text.replaceAll(/&(?:([a-z]+)|#([1-9]\d{1,3}));|&/g, (_all, name?: string, number?: string) => {
    const code = Number(number);
    const found =
      name !== undefined
        ? Object.hasOwn(characters, name) && characters[name]
        : (code === 10 || (code >= 32 && code < 127) || code >= 160) && String.fromCharCode(code);
    if (found) return found;
    isPlain = false;
    return '';
  });
  return isPlain ? result : undefined;
}

const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isDigit = (code: number) => code >= 48 && code <= 57;
const [newLine, blank, slash, equals, end, dash] = [10, 32, 47, 61, 62, 45];

/**
 * Reads HTML in which everything is as it should be: every element is closed where it has to be, every value stands between double quotes.
 * That is what Markdown comes to, and it takes a fraction of the time.
 *
 * @returns whether it was so; otherwise the handler was told a beginning
 */
export function readPlainHtml(html: string, handler: HtmlHandler): boolean {
  const open: string[] = [];
  let at = 0;
  let drawing = 0;
  for (;;) {
    const start = html.indexOf('<', at);
    if (start !== at) {
      const text = decoded(html.slice(at, start < 0 ? html.length : start));
      if (text === undefined) return false;
      if (text !== '') handler.ontext(text);
    }
    if (start < 0) return open.length === 0;
    const isEnd = html.charCodeAt(start + 1) === slash;
    const from = start + (isEnd ? 2 : 1);
    at = from;
    while (isLetter(html.charCodeAt(at)) || (at > from && isDigit(html.charCodeAt(at)))) at += 1;
    const name = html.slice(from, at);
    if (isEnd) {
      if (html.charCodeAt(at) !== end || name === '' || open.pop() !== name) return false;
      at += 1;
      if (name === 'svg') drawing -= 1;
      handler.onclosetag(name);
      continue;
    }
    if (name === 'svg') drawing += 1;
    else if (!(drawing > 0 ? drawn : plain).has(name)) return false;
    if (closing.get(name)?.has(open.at(-1) ?? '')) return false;
    const attributes: Record<string, string> = {};
    let code = html.charCodeAt(at);
    while (code === blank || code === newLine) {
      do code = html.charCodeAt((at += 1));
      while (code === blank || code === newLine);
      if (!isLetter(code)) break;
      const begin = at;
      do code = html.charCodeAt((at += 1));
      while (isLetter(code) || code === dash || isDigit(code));
      const key = html.slice(begin, at).toLowerCase();
      let value: string | undefined = '';
      if (code === equals) {
        if (html[at + 1] !== '"') return false;
        const last = html.indexOf('"', at + 2);
        if (last < 0) return false;
        value = decoded(html.slice(at + 2, last));
        if (value === undefined) return false;
        code = html.charCodeAt((at = last + 1));
      } else if (code !== blank && code !== newLine && code !== slash && code !== end) return false;
      if (!Object.hasOwn(attributes, key)) attributes[key] = value;
    }
    const isClosed = code === slash;
    if (isClosed) code = html.charCodeAt((at += 1));
    if (code !== end) return false;
    at += 1;
    handler.onopentag(name, attributes);
    if (isClosed || empty.has(name)) {
      if (name === 'svg') drawing -= 1;
      handler.onclosetag(name);
    } else open.push(name);
  }
}

/** Reads any HTML, as browsers do. */
export function readHtml(html: string, handler: HtmlHandler): void {
  new Parser(handler, {
    decodeEntities: true,
    lowerCaseTags: true,
    lowerCaseAttributeNames: true,
    recognizeSelfClosing: true,
  }).end(html);
}
