/** More texts than this are no quicker to look for than the pattern itself. */
const most = 48;
/** More of them leave out hardly anything more. */
const mostLists = 4;

/** What stops the reading: a rule that this reader does not follow, so that nothing is said of the pattern. */
class Unclear extends Error {}

type Reading = { text: string; at: number };
/** Texts of which one is there. */
type Any = string[];
/** What may follow a piece of a pattern. */
type Repeat = 'once' | 'optional' | 'repeated';

const shortest = (texts: readonly string[]) => Math.min(...texts.map(({ length }) => length));
/** The more letters, the rarer; of equals the shorter list. */
const byRarity = (one: Any, other: Any) => shortest(other) - shortest(one) || one.length - other.length;

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

/** A group: what it needs, unless nothing has to be there. */
function groupAt(reading: Reading): Any[] {
  const kind = /^\((?:\?(?:#|[:>=!]|<[=!]|<\w+>|'\w+'|[imx-]*[:)]))?/.exec(reading.text.slice(reading.at))?.[0] ?? '';
  if (kind === '(' && reading.text[reading.at + 1] === '?') throw new Unclear();
  if (kind.includes('x') && !/^\(\?[<']/.test(kind)) throw new Unclear();
  reading.at += kind.length;
  if (kind === '(?#') {
    skipTo(reading, ')');
    return [];
  }
  if (kind.endsWith(')')) return [];
  const inside = alternativesAt(reading);
  if (reading.text[reading.at] !== ')') throw new Unclear();
  reading.at += 1;
  // What must not follow, and what stands before, need not be in the text that is left.
  return kind.endsWith('!') || kind === '(?<=' ? [] : inside;
}

function sequenceAt(reading: Reading): Any[] {
  const found: Any[] = [];
  let run = '';
  const end = () => {
    if (run !== '') found.push([run]);
    run = '';
  };
  for (;;) {
    const mark = reading.text[reading.at];
    if (mark === undefined || mark === '|' || mark === ')') break;
    let character: string | undefined;
    let texts: Any[] = [];
    if (mark === '(') texts = groupAt(reading);
    else if (mark === '[') {
      const characters = classAt(reading);
      if (characters) texts = [characters];
    } else if (mark === '\\') character = escapeAt(reading);
    else {
      reading.at += 1;
      if (mark !== '.' && mark !== '^' && mark !== '$') character = mark;
    }
    const repeat = repeatAt(reading);
    if (character !== undefined && repeat !== 'optional') run += character;
    if (character === undefined || repeat !== 'once') end();
    if (repeat !== 'optional') found.push(...texts);
  }
  end();
  return found;
}

function alternativesAt(reading: Reading): Any[] {
  const first = sequenceAt(reading);
  if (reading.text[reading.at] !== '|') return first;
  // Of each alternative the rarest: one of these is there.
  const [rarest] = first.toSorted(byRarity);
  let all: Any | undefined = rarest;
  while (reading.text[reading.at] === '|') {
    reading.at += 1;
    const [one] = sequenceAt(reading).toSorted(byRarity);
    all = one && all && all.length + one.length <= most ? [...all, ...one] : undefined;
  }
  return all ? [all] : [];
}

/** Without the blanks and remarks that extended patterns are laid out with. */
const withoutLayout = (pattern: string) =>
  pattern.replaceAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\s+|#[^\n]*/g, (part) => (/^[\\[]/.test(part) ? part : ''));

/** Whether a pattern, or a part of it, takes either case of a letter. */
export const isCaseless = (pattern: string): boolean => /\(\?[mx]*i/.test(pattern);

/**
 * Reads from an Oniguruma pattern what any match has in it.
 *
 * @returns lists of texts, the rarest first; of each list at least one text stands at or after the place where a search begins that finds
 *   something, in either case where the pattern is caseless. There is none where that is not plain to see.
 */
export function requiredTexts(pattern: string): string[][] {
  const isExtended = pattern.startsWith('(?x)');
  const text = isExtended ? withoutLayout(pattern.slice(4)) : pattern;
  // Conditions, absence, surrogates: nothing is said.
  if (/\(\?\(|\(\?~|[\ud800-\udfff]/.test(text)) return [];
  if (isExtended && /\[[^\]]*\[/.test(text)) return [];
  const reading = { text, at: 0 };
  try {
    const found = alternativesAt(reading);
    if (reading.at < text.length) return [];
    const unique = new Map(found.toSorted(byRarity).map((texts) => [texts.join('\n'), texts]));
    return [...unique.values()].slice(0, mostLists);
  } catch (error) {
    if (error instanceof Unclear) return [];
    throw error;
  }
}
