/** More texts than this are no quicker to look for than the pattern itself. */
const most = 48;

/** What stops the reading: a rule that this reader does not follow, so that nothing is said of the pattern. */
class Unclear extends Error {}

type Reading = { text: string; at: number };
/** What may follow a piece of a pattern. */
type Repeat = 'once' | 'optional' | 'repeated';

const shortest = (texts: readonly string[]) => Math.min(...texts.map(({ length }) => length));
/** The more letters, the rarer; of equals the shorter list. */
const better = (one: string[] | undefined, other: string[] | undefined) => {
  if (!one || !other) return one ?? other;
  const difference = shortest(other) - shortest(one);
  return difference > 0 || (difference === 0 && other.length < one.length) ? other : one;
};

function skipTo(reading: Reading, end: string): void {
  const found = reading.text.indexOf(end, reading.at);
  if (found < 0) throw new Unclear();
  reading.at = found + end.length;
}

function repeatAt(reading: Reading): Repeat {
  const counted = /^\{(\d*)(?:,\d*)?\}/.exec(reading.text.slice(reading.at, reading.at + 20));
  const mark = reading.text[reading.at];
  if (counted) reading.at += counted[0].length;
  else if (mark === '?' || mark === '*' || mark === '+') reading.at += 1;
  else return 'once';
  // A number with a question mark is none at all in Ruby's syntax; elsewhere the second mark only says how many are tried first.
  const canBeAbsent = counted ? Number(counted[1]) === 0 || reading.text[reading.at] === '?' : mark !== '+';
  while (reading.text[reading.at] === '?' || reading.text[reading.at] === '+') reading.at += 1;
  if (reading.text[reading.at] === '*' || reading.text[reading.at] === '{') throw new Unclear();
  return canBeAbsent ? 'optional' : 'repeated';
}

/** A class, of which the characters are told when they are few and plain. */
function classAt(reading: Reading): string[] | undefined {
  const start = reading.at + 1;
  reading.at = start + (reading.text[start] === '^' ? 1 : 0);
  if (reading.text[reading.at] === ']') reading.at += 1;
  for (let depth = 1; depth > 0; reading.at += 1) {
    const mark = reading.text[reading.at];
    if (mark === undefined) throw new Unclear();
    if (mark === '\\') reading.at += 1;
    else if (mark === '[') depth += 1;
    else if (mark === ']') depth -= 1;
  }
  const inside = reading.text.slice(start, reading.at - 1);
  return /^[^\\[\]^&-]{1,4}$/.test(inside) ? Array.from(inside) : undefined;
}

/** A backslash and what belongs to it: the character that it stands for, or undefined for everything else. */
function escapeAt(reading: Reading): string | undefined {
  const mark = reading.text[reading.at + 1];
  if (mark === undefined || /[MCc]/.test(mark)) throw new Unclear();
  reading.at += 2;
  if (!/[A-Za-z0-9]/.test(mark)) return mark;
  const [rest] = /^(?:\{[^}]*\}|<[^>]*>|'[^']*'|[0-9A-Fa-f]{1,4})/.exec(reading.text.slice(reading.at)) ?? [''];
  const isTaken =
    (/[xpPuo]/.test(mark) && (rest.startsWith('{') || (/[xu]/.test(mark) && /^[0-9A-Fa-f]/.test(rest)))) ||
    (/[kg]/.test(mark) && /^[<']/.test(rest));
  if (isTaken) reading.at += mark === 'x' && !rest.startsWith('{') ? Math.min(rest.length, 2) : rest.length;
  else if (/[0-9]/.test(mark)) while (/[0-9]/.test(reading.text[reading.at] ?? '')) reading.at += 1;
  return undefined;
}

/** A group: what one of its alternatives needs, unless nothing has to be there. */
function groupAt(reading: Reading): string[] | undefined {
  const kind = /^\((?:\?(?:#|[:>=!]|<[=!]|<\w+>|'\w+'|[mx-]*[:)]))?/.exec(reading.text.slice(reading.at))?.[0] ?? '';
  if (kind === '(' && reading.text[reading.at + 1] === '?') throw new Unclear();
  if (kind.includes('x') && !/^\(\?[<']/.test(kind)) throw new Unclear();
  reading.at += kind.length;
  if (kind === '(?#') {
    skipTo(reading, ')');
    return undefined;
  }
  if (kind.endsWith(')')) return undefined;
  const inside = alternativesAt(reading);
  if (reading.text[reading.at] !== ')') throw new Unclear();
  reading.at += 1;
  // What must not follow, and what stands before, need not be in the text that is left.
  return kind.endsWith('!') || kind === '(?<=' ? undefined : inside;
}

function sequenceAt(reading: Reading): string[] | undefined {
  let found: string[] | undefined;
  let run = '';
  const end = () => {
    if (run !== '') found = better(found, [run]);
    run = '';
  };
  for (;;) {
    const mark = reading.text[reading.at];
    if (mark === undefined || mark === '|' || mark === ')') break;
    let character: string | undefined;
    let texts: string[] | undefined;
    if (mark === '(') texts = groupAt(reading);
    else if (mark === '[') texts = classAt(reading);
    else if (mark === '\\') character = escapeAt(reading);
    else {
      reading.at += 1;
      if (mark !== '.' && mark !== '^' && mark !== '$') character = mark;
    }
    const repeat = repeatAt(reading);
    if (character !== undefined && repeat !== 'optional') run += character;
    if (character === undefined || repeat !== 'once') end();
    if (texts && repeat !== 'optional') found = better(found, texts);
  }
  end();
  return found;
}

function alternativesAt(reading: Reading): string[] | undefined {
  let all: string[] | undefined = [];
  for (;;) {
    const one = sequenceAt(reading);
    all = one && all && all.length + one.length <= most ? [...all, ...one] : undefined;
    if (reading.text[reading.at] !== '|') return all;
    reading.at += 1;
  }
}

/** Without the blanks and remarks that extended patterns are laid out with. */
const withoutLayout = (pattern: string) =>
  pattern.replaceAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) => (/^[\\[]/.test(part) ? part : ''));

/**
 * Reads from an Oniguruma pattern what any match has in it.
 *
 * @returns texts of which at least one stands at or after the place where a search begins that finds something; undefined where that is not
 *   plain to see
 */
export function requiredTexts(pattern: string): string[] | undefined {
  const isExtended = pattern.startsWith('(?x)');
  const text = isExtended ? withoutLayout(pattern.slice(4)) : pattern;
  // Either case, conditions, absence, surrogates: nothing is said.
  if (/\(\?[a-z-]*i|\(\?\(|\(\?~|[\ud800-\udfff]/.test(text)) return undefined;
  if (isExtended && /\[[^\]]*\[/.test(text)) return undefined;
  const reading = { text, at: 0 };
  try {
    const found = alternativesAt(reading);
    return reading.at === text.length && found && found.length > 0 ? found : undefined;
  } catch (error) {
    if (error instanceof Unclear) return undefined;
    throw error;
  }
}
