import { spend } from '../page.ts';
import type { JsonValue } from '../types.ts';
import { element, source, type Element, type Node } from '../tree/nodes.ts';
import type { Context, Pattern } from './pattern.ts';

type Build = 'single' | 'double' | 'double2';
type Rule = { readonly regex: RegExp; pattern: string; build: Build; tags: string; marks: number };

const word = String.raw`[\p{L}\p{N}_]`;
/** The longest stretch that is searched for a closing mark. */
const window = 20_000;
const doubleWindow = 2_000;

/** Its expression is made when it is first looked for: a page needs few of them, and somebody waits for the first page. */
function rule(pattern: string, build: Build, tags: string, marks: number): Rule {
  let made: RegExp | undefined;
  return {
    get regex() {
      return (made ??= new RegExp(pattern, 'ysu'));
    },
    pattern,
    build,
    tags,
    marks,
  };
}

/** Python-Markdown's own rules. */
const plainStars = [
  rule(String.raw`\*{3}(.+?)\*(.*?)\*{2}`, 'double', 'strong,em', 3),
  rule(String.raw`\*{3}(.+?)\*{2}(.*?)\*`, 'double', 'em,strong', 3),
  rule(String.raw`\*{2}(?!\*)([^*]+?)\*(?!\*)(.+?)\*{3}`, 'double2', 'strong,em', 2),
  rule(String.raw`\*{2}(.+?)\*{2}`, 'single', 'strong', 2),
  rule(String.raw`\*([^*]+)\*`, 'single', 'em', 1),
];
const plainUnderscores = [
  rule(String.raw`_{3}(.+?)_(.*?)_{2}`, 'double', 'strong,em', 3),
  rule(String.raw`_{3}(.+?)_{2}(.*?)_`, 'double', 'em,strong', 3),
  rule(String.raw`(?<!${word})__(?!_)(.+?)(?<!${word})_(?!_)(.+?)_{3}(?!${word})`, 'double2', 'strong,em', 2),
  rule(String.raw`(?<!${word})__(?!_)(.+?)(?<!_)__(?!${word})`, 'single', 'strong', 2),
  rule(String.raw`(?<!${word})_(?!_)(.+?)(?<!_)_(?!${word})`, 'single', 'em', 1),
];

/** The same as for stars, also inside words: `legacy_em`. */
export const legacyUnderscores = () =>
  sequence(
    'em_strong2',
    '_',
    plainStars.map(({ pattern, build, tags, marks }) =>
      rule(pattern.replaceAll(String.raw`\*`, '_').replaceAll('[^*]', '[^_]'), build, tags, marks),
    ),
  );

/** The rules of betterem for one mark; `m` is the mark, escaped for a regular expression. */
function better(m: string, strong: string, em: string): Rule[] {
  const content = String.raw`(${m}|(?:(?<=\s)${m}|[^${m}])+?)`;
  const content2 = String.raw`((?:[^${m}]|(?<!${m}{2})${m})+?)`;
  return [
    rule(String.raw`${m}{3}(?!\s)(${m}{1,2}|[^${m}]+?)(?<!\s)${m}{3}`, 'double', `${strong},${em}`, 3),
    rule(String.raw`${m}{3}(?![\s${m}])${content2}(?<!\s)${m}{2}${content}(?<!\s)${m}`, 'double', `${em},${strong}`, 3),
    rule(String.raw`${m}{3}(?![\s${m}])${content}(?<!\s)${m}${content2}(?<!\s)${m}{2}`, 'double', `${strong},${em}`, 3),
    rule(
      String.raw`${m}{2}(?![\s${m}])${content}${m}(?![\s${m}])${content}(?<!\s)${m}{3}`,
      'double2',
      `${strong},${em}`,
      2,
    ),
    rule(String.raw`${m}{2}(?!\s)${content2}(?<!\s)${m}{2}`, 'single', strong, 2),
    rule(String.raw`${m}(?!\s)${content}(?<!\s)${m}`, 'single', em, 1),
  ];
}

/** The rules of betterem that keep out of words. */
function smart(m: string, before: string, after: string): Rule[] {
  const content = String.raw`(.+?${m}*?)`;
  return [
    rule(String.raw`${before}${m}{3}(?![\s${m}])${content}(?<!\s)${m}{3}${after}`, 'double', 'strong,em', 3),
    rule(
      String.raw`${before}${m}{3}(?![\s${m}])${content}(?<!\s)${m}{2}${after}${content}(?<!\s)${m}${after}`,
      'double',
      'em,strong',
      3,
    ),
    rule(
      String.raw`${before}${m}{3}(?![\s${m}])${content}(?<!\s)${m}${after}${content}(?<!\s)${m}{2}${after}`,
      'double',
      'strong,em',
      3,
    ),
    rule(String.raw`${before}${m}{2}(?![\s${m}])${content}(?<!\s)${m}{2}${after}`, 'single', 'strong', 2),
    rule(String.raw`${before}${m}(?![\s${m}])${content}(?<!\s)${m}${after}`, 'single', 'em', 1),
  ];
}
const besides = (m: string): [string, string] => [
  String.raw`(?:(?<=_)|(?<![\p{L}\p{N}_${m}]))`,
  String.raw`(?:(?=_)|(?![\p{L}\p{N}_${m}]))`,
];

const smartStars = smart(String.raw`\*`, ...besides(String.raw`\*`));
const smartUnderscores = smart('_', `(?<!${word})`, `(?!${word})`);
const betterStars = better(String.raw`\*`, 'strong', 'em');
const betterUnderscores = better('_', 'strong', 'em');

/** Insertions and superscripts, deletions and subscripts: no spaces in the short forms. */
function pair(m: string, long: string, short: string, careful: boolean): Rule[] {
  const content = String.raw`(${m}|[^\s]+?)`;
  const content2 = String.raw`((?:[^${m}]|(?<!${m}{2})${m})+?)`;
  const [before, after] = besides(m);
  const shortRule = rule(String.raw`${m}(?!\s)${content}(?<!\s)${m}`, 'single', short, 1);
  if (careful)
    return [
      rule(String.raw`${m}{3}(?![\s${m}])${content}(?<!\s)${m}{3}`, 'double', `${long},${short}`, 3),
      rule(
        String.raw`${m}{3}(?![\s${m}])${content}(?<!\s)${m}{2}${after}${content}(?<!\s)${m}`,
        'double',
        `${short},${long}`,
        3,
      ),
      rule(
        String.raw`${m}{3}(?![\s${m}])${content}(?<!\s)${m}${after}(.+?${m}*?)(?<!\s)${m}{2}`,
        'double',
        `${long},${short}`,
        3,
      ),
      rule(String.raw`${before}${m}{2}(?![\s${m}])(.+?${m}*?)(?<!\s)${m}{2}${after}`, 'single', long, 2),
      shortRule,
    ];
  return [
    rule(String.raw`${m}{3}(?!\s)(${m}{1,2}|[^${m}\s]+?)(?<!\s)${m}{3}`, 'double', `${long},${short}`, 3),
    rule(String.raw`${m}{2}(?!\s)${content2}(?<!\s)${m}{2}`, 'single', long, 2),
    shortRule,
  ];
}

/** Whether a rule matches at a place, looking no further than its window. */
function attempt(
  context: Context,
  text: string,
  one: Rule,
  position: number,
  mark: string,
): RegExpExecArray | undefined {
  for (let index = 0; index < one.marks; index++) if (text[position + index] !== mark) return undefined;
  const most = one.build === 'single' ? window : doubleWindow;
  const cut = text.length - position > most;
  const from = cut ? Math.max(0, position - 4) : 0;
  const part = cut ? text.slice(from, position + most) : text;
  one.regex.lastIndex = position - from;
  const match = one.regex.exec(part);
  spend(context.page, match ? match[0].length : (part.length - (position - from)) * (one.build === 'single' ? 1 : 4));
  if (!match) return undefined;
  match.index += from;
  return match;
}

function buildElement(
  context: Context,
  rules: readonly Rule[],
  match: RegExpExecArray,
  index: number,
  mark: string,
): Element {
  const { build = 'single', tags = '' } = rules[index] ?? {};
  const [outer = '', inner = ''] = tags.split(',');
  const parts = (text: string) => parseParts(context, rules, text, index, mark);
  if (build === 'single') return element(outer, {}, parts(match[1] ?? ''));
  if (build === 'double2')
    return element(outer, {}, [...parts(match[1] ?? ''), element(inner, {}, parts(match[2] ?? ''))]);
  return element(outer, {}, [element(inner, {}, parts(match[1] ?? '')), ...parts(match[2] ?? '')]);
}

/** Looks inside emphasised text for the rules that come after the one that found it. */
function parseParts(context: Context, rules: readonly Rule[], text: string, after: number, mark: string): Node[] {
  const nodes: Node[] = [];
  let offset = 0;
  let position = text.indexOf(mark);
  while (position >= 0) {
    let next = position + 1;
    for (let index = after + 1; index < rules.length; index++) {
      const one = rules[index];
      const match = one && attempt(context, text, one, position, mark);
      if (!match) continue;
      if (position > offset) nodes.push(source(text.slice(offset, position)));
      nodes.push(buildElement(context, rules, match, index, mark));
      offset = position + match[0].length;
      next = offset;
      break;
    }
    if (!spend(context.page, 1)) break;
    position = text.indexOf(mark, next);
  }
  if (offset < text.length) nodes.push(source(text.slice(offset)));
  return nodes;
}

const escapeMark = (mark: string) => (/[*^]/.test(mark) ? `\\${mark}` : mark);

const sequence = (name: string, mark: string, rules: readonly Rule[]): Pattern => ({
  name,
  needs: [mark],
  startsAgain: true,
  regex: new RegExp(escapeMark(mark), 'g'),
  handle(match, context) {
    const { text } = context;
    const start = match.index;
    if (text.indexOf(mark, start + 1) < 0) return undefined;
    for (let index = 0; index < rules.length; index++) {
      const one = rules[index];
      const found = one && attempt(context, text, one, start, mark);
      if (found) return { node: buildElement(context, rules, found, index, mark), start, end: start + found[0].length };
    }
    return undefined;
  },
});

const enables = (option: JsonValue | undefined, mark: string) => option === 'all' || (option ?? 'underscore') === mark;
const smartStarPattern = sequence('strong_em', '*', smartStars);
const betterStarPattern = sequence('strong_em', '*', betterStars);
const plainStarPattern = sequence('em_strong', '*', plainStars);
const smartUnderscorePattern = sequence('strong_em2', '_', smartUnderscores);
const betterUnderscorePattern = sequence('strong_em2', '_', betterUnderscores);
const plainUnderscorePattern = sequence('em_strong2', '_', plainUnderscores);

export function asterisks(useBetter: boolean, option: JsonValue | undefined): Pattern {
  if (!useBetter) return plainStarPattern;
  return enables(option, 'asterisk') ? smartStarPattern : betterStarPattern;
}

export function underscores(useBetter: boolean, option: JsonValue | undefined): Pattern {
  if (!useBetter) return plainUnderscorePattern;
  return enables(option, 'underscore') ? smartUnderscorePattern : betterUnderscorePattern;
}

/** Which of the two forms of a mark are on, and whether the long one keeps out of words. */
export type PairSettings = { long: boolean; short: boolean; careful: boolean };

function pairPattern(
  name: string,
  mark: string,
  tags: [string, string],
  { long, short, careful }: PairSettings,
): Pattern | false {
  const rules = pair(escapeMark(mark), ...tags, careful);
  if (long && short) return sequence(name, mark, rules);
  return (long || short) && sequence(name, mark, rules.slice(long ? -2 : -1, long ? -1 : undefined));
}

export const carets = (settings: PairSettings) => pairPattern('caret', '^', ['ins', 'sup'], settings);
export const tildes = (settings: PairSettings) => pairPattern('tilde', '~', ['del', 'sub'], settings);

const [beforeEqual, afterEqual] = besides('=');
const smartEqual = [rule(String.raw`${beforeEqual}={2}(?![\s=])(.+?=*?)(?<!\s)={2}${afterEqual}`, 'single', 'mark', 2)];
const plainEqual = [rule(String.raw`={2}(?!\s)((?:[^=]|(?<!={2})=)+?)(?<!\s)={2}`, 'single', 'mark', 2)];
export const equalSigns = (careful: boolean) => sequence('mark', '=', careful ? smartEqual : plainEqual);
