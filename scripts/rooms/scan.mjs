/** Reads what a source file imports, without a parser: comments and template literals are blanked, then import statements are matched. */

const regexMayFollow =
  /(?:^|[([{,;:=!&|?+\-*%~^<>}]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** Index behind the quoted text that starts at `start`; a quote that is never closed (an apostrophe in JSX) ends with its line. */
function endOfString(source, start) {
  const quote = source[start];
  for (let index = start + 1; index < source.length; index++) {
    if (source[index] === '\\') index++;
    else if (source[index] === quote) return index + 1;
    else if (source[index] === '\n') return start + 1;
  }
  return start + 1;
}

function endOfRegex(source, start) {
  let inClass = false;
  for (let index = start + 1; index < source.length; index++) {
    const character = source[index];
    if (character === '\\') index++;
    else if (character === '\n') return start + 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) return index + 1;
  }
  return start + 1;
}

/** Index behind the template literal that starts at `start`, with the literals nested in its `${…}`. */
function endOfTemplate(source, start) {
  for (let index = start + 1; index < source.length; index++) {
    if (source[index] === '\\') index++;
    else if (source[index] === '`') return index + 1;
    else if (source.startsWith('${', index)) {
      let depth = 1;
      for (index += 2; index < source.length && depth > 0; index++) {
        const character = source[index];
        if (character === '{') depth++;
        else if (character === '}') depth--;
        else if (character === '`') index = endOfTemplate(source, index) - 1;
        else if (character === "'" || character === '"') index = endOfString(source, index) - 1;
      }
      index--;
    }
  }
  return source.length;
}

/**
 * Blanks what is no program; every character that stays keeps its place.
 *
 * @returns `text`: without comments; `code`: also without template literals and regular expressions; `bare`: also without quoted text
 */
export function strip(source) {
  const stripped = { text: '', code: '', bare: '' };
  let from = 0;
  const take = (to, ...kept) => {
    const part = source.slice(from, to);
    const gone = blank(part);
    for (const name of Object.keys(stripped)) stripped[name] += kept.includes(name) ? part : gone;
    from = to;
  };
  for (let index = 0; index < source.length;) {
    const character = source[index];
    const start = index;
    if (character === '/' && (source[index + 1] === '/' || source[index + 1] === '*')) {
      take(start, 'text', 'code', 'bare');
      const close = source[index + 1] === '/' ? source.indexOf('\n', index) : source.indexOf('*/', index + 2) + 2;
      index = close < index + 2 ? source.length : close;
      take(index);
    } else if (character === '"' || character === "'") {
      take(start, 'text', 'code', 'bare');
      index = endOfString(source, index);
      take(index, 'text', 'code');
    } else if (
      character === '`' ||
      (character === '/' && regexMayFollow.test(source.slice(Math.max(0, index - 20), index)))
    ) {
      take(start, 'text', 'code', 'bare');
      index = character === '`' ? endOfTemplate(source, index) : endOfRegex(source, index);
      take(index, 'text');
    } else index++;
  }
  take(source.length, 'text', 'code', 'bare');
  return stripped;
}

const clause = String.raw`(?:\*(?:\s+as\s+[\w$]+)?|(?:[\w$]+\s*,\s*)?\{[^}]*\}|[\w$]+(?:\s*,\s*\*\s+as\s+[\w$]+)?)`;
const address = /\bnew\s+URL\s*\(\s*(['"])(?<name>\.[^'"\n]+\.(?:ts|tsx|mts|js|mjs))\1\s*,\s*import\.meta\.url/g;
const patterns = [
  new RegExp(
    String.raw`^[ \t]*(?:import|export)\s+(?<type>type\s+(?!from\b))?(?<clause>${clause})\s*from\s*(['"])(?<name>[^'"\n]+)\3`,
    'gm',
  ),
  /^[ \t]*import\s*(['"])(?<name>[^'"\n]+)\1/gm,
  /(?<![.\w$])(?:import|require|import\.meta\.resolve)\s*\(\s*(['"])(?<name>[^'"\n]+)\1/g,
  address,
];

const namesTypesOnly = (words) =>
  words.startsWith('{') &&
  words
    .slice(1, -1)
    .split(',')
    .every((word) => !word.trim() || /^\s*type\s/.test(word));

export const lineAt = (source, index) => source.slice(0, index).split('\n').length;

/** Where `pattern` stands in the program itself and not in quoted text. */
export function* matchesInCode({ code, bare }, pattern) {
  for (const match of code.matchAll(pattern)) {
    const index = match.index + /^\s*/.exec(match[0])[0].length;
    if (bare[index] === code[index]) yield { match, index };
  }
}

/** Every import, re-export, `import()`, `require()` and worker address of a file, in order: name, line and whether it is gone at run time. */
export function findImports(stripped) {
  const found = patterns.flatMap((pattern) =>
    [...matchesInCode(stripped, pattern)].map(({ match, index }) => {
      const { name, type, clause: words } = match.groups;
      return {
        name: name.replace(/\?.*$/, ''),
        index,
        ...(pattern === address && { address: true }),
        typeOnly: Boolean(type) || namesTypesOnly(words ?? ''),
      };
    }),
  );
  return found
    .sort((a, b) => a.index - b.index)
    .map(({ index, ...rest }) => ({ ...rest, line: lineAt(stripped.code, index) }));
}
