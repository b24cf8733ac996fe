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
 * Blanks comments, and in `code` template literals and regular expressions too; every character that stays keeps its place.
 *
 * @returns `text`: without comments; `code`: only what can hold an import statement or a call
 */
export function strip(source) {
  let text = '';
  let code = '';
  let from = 0;
  const keep = (to) => {
    const part = source.slice(from, to);
    text += part;
    code += part;
    from = to;
  };
  const drop = (to, alsoFromText) => {
    const part = source.slice(from, to);
    text += alsoFromText ? blank(part) : part;
    code += blank(part);
    from = to;
  };
  for (let index = 0; index < source.length;) {
    const character = source[index];
    if (character === '/' && (source[index + 1] === '/' || source[index + 1] === '*')) {
      keep(index);
      const close = source[index + 1] === '/' ? source.indexOf('\n', index) : source.indexOf('*/', index + 2) + 2;
      index = close < index + 2 ? source.length : close;
      drop(index, true);
    } else if (character === '"' || character === "'") {
      index = endOfString(source, index);
    } else if (character === '`') {
      keep(index);
      index = endOfTemplate(source, index);
      drop(index, false);
    } else if (character === '/' && regexMayFollow.test(source.slice(Math.max(0, index - 20), index))) {
      keep(index);
      index = endOfRegex(source, index);
      drop(index, false);
    } else index++;
  }
  keep(source.length);
  return { text, code };
}

const clause = String.raw`(?:\*(?:\s+as\s+[\w$]+)?|(?:[\w$]+\s*,\s*)?\{[^}]*\}|[\w$]+(?:\s*,\s*\*\s+as\s+[\w$]+)?)`;
const patterns = [
  new RegExp(
    String.raw`^[ \t]*(?:import|export)\s+(?<type>type\s+(?!from\b))?(?<clause>${clause})\s*from\s*(['"])(?<name>[^'"\n]+)\3`,
    'gm',
  ),
  /^[ \t]*import\s*(['"])(?<name>[^'"\n]+)\1/gm,
  /(?<![.\w$])(?:import|require|import\.meta\.resolve)\s*\(\s*(['"])(?<name>[^'"\n]+)\1/g,
  /\bnew\s+URL\s*\(\s*(['"])(?<name>\.[^'"\n]+\.(?:ts|tsx|mts|js|mjs))\1\s*,\s*import\.meta\.url/g,
];

const namesTypesOnly = (words) =>
  /^\{/.test(words) &&
  words
    .slice(1, -1)
    .split(',')
    .every((word) => !word.trim() || /^\s*type\s/.test(word));

export const lineAt = (source, index) => source.slice(0, index).split('\n').length;

/** Every import, re-export, `import()`, `require()` and worker address of a file, in order: name, line and whether it is gone at run time. */
export function findImports(code) {
  const found = patterns.flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => {
      const { name, type, clause: words } = match.groups;
      const start = match.index + /^\s*/.exec(match[0])[0].length;
      return { name: name.replace(/\?.*$/, ''), index: start, typeOnly: Boolean(type) || namesTypesOnly(words ?? '') };
    }),
  );
  return found.sort((a, b) => a.index - b.index).map(({ index, ...rest }) => ({ ...rest, line: lineAt(code, index) }));
}
