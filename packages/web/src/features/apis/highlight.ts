export type Language = 'yaml' | 'json' | 'graphql' | 'proto' | 'typescript' | 'shell' | 'text';

/** Part of a line; without a kind it is plain. */
export type Piece = { text: string; kind?: 'key' | 'string' | 'number' | 'word' | 'comment' };

const string = String.raw`"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?`;
const number = String.raw`-?\b\d[\w.]*\b`;

const rule = (comment: string, words: string, extra = '') =>
  new RegExp(
    `(?<comment>${comment})|(?<string>${extra}${string})|(?<word>\\b(?:${words})\\b)|(?<number>${number})`,
    'g',
  );

const rules: Record<string, RegExp> = {
  graphql: rule(
    '#.*',
    'schema|type|interface|input|enum|union|scalar|extend|implements|directive|on|query|mutation|subscription|repeatable',
    '"""(?:.*?""")?|',
  ),
  proto: rule(
    '//.*',
    'syntax|edition|package|import|option|message|enum|service|rpc|returns|stream|oneof|map|repeated|optional|required|reserved|extensions|extend|double|float|u?int32|u?int64|sint32|sint64|s?fixed32|s?fixed64|bool|string|bytes|true|false|public|weak',
  ),
  typescript: rule(
    '//.*',
    'import|export|from|const|let|function|return|type|interface|async|await|new|class|extends|default|if|else|true|false|null|undefined|typeof|as|keyof|readonly',
    '`(?:[^`\\\\]|\\\\.)*`?|',
  ),
  shell: rule(String.raw`(?<=^|\s)#.*`, 'curl|grpcurl'),
  value: new RegExp(
    String.raw`(?<string>${string})|(?<comment>(?<=\s)#.*)|(?<word>\b(?:true|false|null)\b)|(?<number>(?<![\w-])-?\d[\d.eE+-]*(?![\w-]))`,
    'g',
  ),
};

function scan(text: string, pattern: RegExp): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const found = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined);
    if (!found || match[0] === '') continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ text: match[0], kind: found[0] as NonNullable<Piece['kind']> });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

const yamlKey = /^(\s*(?:- +)*)((?:"[^"]*"|'[^']*'|[^\s#:'"[\]{},&*!|>%@`-][^:#]*?|-[^\s:][^:]*?))(:)(?=\s|$)/;
const jsonKey = /^(\s*)("(?:[^"\\]|\\.)*")(\s*:)/;

/** Longer lines stay plain: nobody reads them, and colouring them would take its time. */
const longest = 2_000;

/** A line in coloured pieces. Lines stand alone, so that any of a long text can be shown without those before it. */
export function highlightLine(line: string, language: Language): Piece[] {
  if (line === '' || line.length > longest || language === 'text') return [{ text: line }];
  if (language !== 'yaml' && language !== 'json') return scan(line, rules[language]!);
  if (/^\s*#/.test(line) && language === 'yaml') return [{ text: line, kind: 'comment' }];
  const [whole, space = '', name = '', colon = ''] = (language === 'yaml' ? yamlKey : jsonKey).exec(line) ?? [];
  const rest = whole === undefined ? line : line.slice(whole.length);
  const head: Piece[] = whole === undefined ? [] : [{ text: space }, { text: name, kind: 'key' }, { text: colon }];
  return [...head.filter(({ text }) => text !== ''), ...scan(rest, rules['value']!)];
}
