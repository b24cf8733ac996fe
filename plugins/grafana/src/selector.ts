/** What a selector looks at: a dashboard as Grafana's search describes it. */
export type Described = Record<string, unknown>;
/** Whether a dashboard is meant. */
export type Selector = (dashboard: Described) => boolean;

const token =
  /\s*(?:(\(|\)|&&|\|\||==|!=|@>|!)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*))/y;
type Token = { operator: string } | { literal: unknown } | { name: string };
const names = new Set([
  'id',
  'uid',
  'title',
  'uri',
  'url',
  'type',
  'tags',
  'isStarred',
  'folderId',
  'folderUid',
  'folderTitle',
  'folderUrl',
  'slug',
]);
const mostTokens = 200;

const wrong = (text: string, reason: string) =>
  new Error(`The selector '${text.slice(0, 200)}' is not understood: ${reason}`);

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  let at = 0;
  while (at < text.trimEnd().length) {
    const found = token.exec(text);
    if (!found) throw wrong(text, `something is wrong at '${text.slice(at, at + 20).trim()}'`);
    const [, operator, single, double, number, name] = found;
    if (operator !== undefined) tokens.push({ operator });
    else if (name === 'true' || name === 'false') tokens.push({ literal: name === 'true' });
    else if (name !== undefined) tokens.push({ name });
    else if (number !== undefined) tokens.push({ literal: Number(number) });
    else tokens.push({ literal: (single ?? double)!.replaceAll(/\\(.)/g, '$1') });
    at = token.lastIndex;
  }
  if (tokens.length > mostTokens) throw wrong(text, 'it is too long');
  return tokens;
}

type Value = (dashboard: Described) => unknown;

/** How strongly operators bind, weakest first. */
const levels = [['||'], ['&&'], ['==', '!='], ['@>']];
const operations: Record<string, (one: Value, other: Value) => Value> = {
  '||': (one, other) => (dashboard) => Boolean(one(dashboard)) || Boolean(other(dashboard)),
  '&&': (one, other) => (dashboard) => Boolean(one(dashboard)) && Boolean(other(dashboard)),
  '==': (one, other) => (dashboard) => one(dashboard) === other(dashboard),
  '!=': (one, other) => (dashboard) => one(dashboard) !== other(dashboard),
  '@>': (one, other) => (dashboard) => {
    const all = one(dashboard);
    return Array.isArray(all) && all.includes(other(dashboard));
  },
};

/**
 * Reads a selector as the Backstage plugin has it: one word is a tag; else an expression such as
 * `(tags @> 'payments' || folderTitle == 'Shop') && title != 'Old'`.
 *
 * @throws Error that says what is wrong
 */
export function selectorOf(text: string): Selector {
  const word = text.trim();
  if (/^[\w-]+$/.test(word)) return ({ tags }) => Array.isArray(tags) && tags.includes(word);
  const tokens = tokensOf(text);
  let at = 0;
  const isNext = (operators: readonly string[]) => {
    const next = tokens[at];
    return next && 'operator' in next && operators.includes(next.operator) ? next.operator : undefined;
  };

  function single(): Value {
    const next = tokens[at++];
    if (!next) throw wrong(text, 'something is missing at its end');
    if ('literal' in next) return () => next.literal;
    if ('name' in next) {
      if (!names.has(next.name)) throw wrong(text, `${next.name} is none of ${[...names].join(', ')}`);
      return (dashboard) => dashboard[next.name];
    }
    if (next.operator === '!') {
      const inner = single();
      return (dashboard) => !inner(dashboard);
    }
    if (next.operator !== '(') throw wrong(text, `${next.operator} stands where a value is needed`);
    const inner = level(0);
    if (isNext([')']) === undefined) throw wrong(text, 'a bracket is not closed');
    at += 1;
    return inner;
  }

  function level(depth: number): Value {
    const operators = levels[depth];
    if (!operators) return single();
    let left = level(depth + 1);
    for (let operator = isNext(operators); operator !== undefined; operator = isNext(operators)) {
      at += 1;
      left = operations[operator]!(left, level(depth + 1));
    }
    return left;
  }

  const value = level(0);
  if (at < tokens.length) throw wrong(text, 'there is something left over at its end');
  return (dashboard) => Boolean(value(dashboard));
}
