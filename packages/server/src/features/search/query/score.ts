import { type Profile, readProfile } from '../analysis/analyse.ts';
import { allowedEdits, distance } from '../analysis/distance.ts';
import type { Candidate } from '../store/engine.ts';
import type { ParsedQuery, Unit } from './parse.ts';
import type { Expansions } from './plan.ts';

/** One reason for the place of a document. */
export type Reason = { what: string; points?: number; factor?: number };

export type Scored = Candidate & { score: number; corrections: Set<string> };

/** What ranking knows apart from the documents. */
export type RankingFacts = {
  /** refs of the asker and of the asker's groups */
  mine: ReadonlySet<string>;
  asker: string;
  /** when nothing has all words: ids of those that lack one only. What the text of the others has is not known. */
  close?: ReadonlySet<number>;
};

/** How much the best match of a word is worth, by field. */
const fields = { names: 100, title: 80, tags: 45, operations: 32, facts: 22, prose: 10 } as const;
const fieldNames: Record<keyof typeof fields, string> = {
  names: 'name',
  title: 'title',
  tags: 'tags and owner',
  operations: 'operations',
  facts: 'labels, links and relations',
  prose: 'text',
};
const bonus = { exactName: 1_000, exactTitle: 900, namePrefix: 300, titlePrefix: 260, sequence: 60, textSequence: 25 };

type Match = { quality: number; how: string; corrected?: string };
const noMatch: Match = { quality: 0, how: '' };

/** How well a word of a document answers a word of the query. */
function compare(word: string, found: string, others: readonly string[] | undefined): Match {
  if (word === found) return { quality: 1, how: 'whole word' };
  if (found.startsWith(word)) return { quality: 0.55 + 0.4 * (word.length / found.length), how: 'start of a word' };
  if (word.length >= 3 && found.includes(word))
    return { quality: 0.3 + 0.3 * (word.length / found.length), how: 'inside a word' };
  if (!others?.includes(found)) return noMatch;
  const edits = distance(word, found, 2);
  if (edits > 2) {
    // The start of a longer word, or another part of it, typed with a mistake.
    const isStart = distance(word, found.slice(0, word.length), 2) <= 1;
    return isStart
      ? { quality: 0.4, how: 'typing mistake in the start of a word', corrected: found }
      : { quality: 0.3, how: 'typing mistake inside a word', corrected: found };
  }
  return { quality: edits <= 1 ? 0.6 : 0.45, how: 'typing mistake', corrected: found };
}

function bestIn(words: readonly string[], word: string, others: readonly string[] | undefined): Match {
  let best = noMatch;
  for (const found of words) {
    const match = compare(word, found, others);
    if (match.quality > best.quality) best = match;
    if (best.quality === 1) break;
  }
  return best;
}

const wordsIn = (line: string): string[] => (line === '' ? [] : line.split(' '));

type Hit = { points: number; field: keyof typeof fields; match: Match };
const noHit: Hit = { points: 0, field: 'prose', match: noMatch };
/**
 * Where words are looked for: the best first, so that what a later one could give at most is less than what an earlier one has given. What
 * was typed may be several words of a name as one.
 */
const linesInOrder: readonly { line: keyof Profile; field: keyof typeof fields }[] = [
  { line: 'names', field: 'names' },
  { line: 'joinedNames', field: 'names' },
  { line: 'title', field: 'title' },
  { line: 'joinedTitle', field: 'title' },
  { line: 'tags', field: 'tags' },
  { line: 'operations', field: 'operations' },
  { line: 'facts', field: 'facts' },
];

function hitOf(profile: Profile, word: string, others: readonly string[] | undefined): Hit {
  let best = noHit;
  for (const { line, field } of linesInOrder) {
    if (best.points >= fields[field]) break;
    const text = profile[line];
    // Taking a line apart is dear, and few have the word in any way.
    if (!text.includes(word) && !others?.some((other) => text.includes(other))) continue;
    const match = bestIn(wordsIn(text), word, others);
    const points = fields[field] * match.quality;
    if (points > best.points) best = { points, field, match };
  }
  return best;
}

/** Those of the words that a word of the query may stand for that a document has in any way. */
const present = (candidate: Candidate, word: string, expansions: Expansions): readonly string[] | undefined => {
  const others = expansions.get(word)?.filter((other) => candidate.profile.includes(other));
  return others?.length ? others : undefined;
};

function hitOfUnit(profile: Profile, candidate: Candidate, { parts, whole }: Unit, expansions: Expansions): Hit[] {
  const hits = parts.map((part) => hitOf(profile, part, present(candidate, part, expansions)));
  if (!whole || hits.every((hit) => hit.points > 0)) return hits;
  const asOne = hitOf(profile, whole, present(candidate, whole, expansions));
  return asOne.points > 0 ? [asOne] : hits;
}

/** What a line holds where the words of a query stand in it in their order, side by side. The last may be the start of a word. */
const sequenceOf = (words: readonly string[]): string | undefined =>
  words.length > 1 ? ` ${words.join(' ')}` : undefined;
const isIn = (lines: readonly string[], sequence: string): boolean =>
  lines.some((line) => ` ${line}`.includes(sequence));

function nameReason(
  { joinedNames, joinedTitle }: Profile,
  joined: string,
): Required<Pick<Reason, 'what' | 'points'>> | undefined {
  if (!joined) return undefined;
  const names = wordsIn(joinedNames);
  if (names.includes(joined)) return { what: 'this is its name', points: bonus.exactName };
  if (joinedTitle === joined) return { what: 'this is its title', points: bonus.exactTitle };
  const coverage = (text: string) => 0.5 + 0.5 * (joined.length / text.length);
  const starts = names.filter((name) => name.startsWith(joined)).map(coverage);
  if (starts.length > 0) return { what: 'its name starts so', points: bonus.namePrefix * Math.max(...starts) };
  if (joinedTitle.startsWith(joined))
    return { what: 'its title starts so', points: bonus.titlePrefix * coverage(joinedTitle) };
  if (joined.length <= 3) return undefined;
  // A whole name with one or two typing mistakes.
  const most = allowedEdits(joined.length);
  const isNear = [...names, joinedTitle].some((name) => name && distance(joined, name, most) <= most);
  return isNear ? { what: 'nearly its name', points: bonus.namePrefix * 0.6 } : undefined;
}

type Factor = Required<Pick<Reason, 'what' | 'factor'>>;

function factorsOf(candidate: Candidate, facts: RankingFacts): Factor[] {
  const factors: Factor[] = [];
  if (candidate.weight !== 100) factors.push({ what: 'kind of thing', factor: candidate.weight / 100 });
  if (candidate.owner === facts.asker) factors.push({ what: 'yours', factor: 1.2 });
  else if (candidate.owner && facts.mine.has(candidate.owner)) factors.push({ what: "your team's", factor: 1.15 });
  if (candidate.deprecated) factors.push({ what: 'deprecated', factor: 0.75 });
  const { opens, opensHere } = candidate;
  if (opensHere)
    factors.push({ what: 'opened after this search', factor: 1 + Math.min(0.25, 0.08 * Math.log2(1 + opensHere)) });
  if (opens) factors.push({ what: 'often opened', factor: 1 + Math.min(0.15, 0.03 * Math.log2(1 + opens)) });
  return factors;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Scores one document. Every part of the score is a reason that can be shown: they are added to `reasons` where somebody asks for them. */
export type Scorer = (candidate: Candidate, reasons?: Reason[]) => Scored;

/** How documents are scored for a query. */
export function scorerOf(query: ParsedQuery, expansions: Expansions, facts: RankingFacts): Scorer {
  const units = query.units.filter((unit) => !unit.small);
  const sequence = sequenceOf(query.units.flatMap((unit) => unit.parts));
  const phrases = query.phrases.map(({ parts }) => ({ sequence: ` ${parts.join(' ')}`, joined: parts.join('') }));
  return (candidate, reasons) => {
    const profile = readProfile(candidate.profile);
    const corrections = new Set<string>();
    const hits = units.flatMap((unit) => hitOfUnit(profile, candidate, unit, expansions));
    let sum = 0;
    let missed = 0;
    for (const { points, field, match } of hits) {
      if (match.corrected) corrections.add(match.corrected);
      if (points === 0) missed += 1;
      else {
        sum += points;
        reasons?.push({ what: `${match.how} in ${fieldNames[field]}`, points: round(points / hits.length) });
      }
    }
    // What is in none of the short fields was found in the text, by itself or by its stem.
    const inText = !facts.close ? missed : facts.close.has(candidate.id) ? Math.max(0, missed - 1) : 0;
    if (inText > 0) {
      sum += inText * fields.prose;
      reasons?.push({ what: 'in text', points: round((inText * fields.prose) / hits.length) });
    }
    let total = hits.length > 0 ? sum / hits.length : 0;
    const whole =
      query.ref === candidate.key
        ? { what: 'this is its ref', points: bonus.exactName }
        : nameReason(profile, query.joined);
    if (whole) {
      reasons?.push({ ...whole, points: round(whole.points) });
      total += whole.points;
    } else {
      const { names, title, tags, operations } = profile;
      const isShort = sequence !== undefined && isIn([names, title, tags, operations], sequence);
      const points = isShort ? bonus.sequence : candidate.sequence ? bonus.textSequence : 0;
      if (points > 0) reasons?.push({ what: 'words in this order', points });
      total += points;
    }
    if (phrases.length > 0) {
      const { names, title, joinedNames, joinedTitle } = profile;
      const isNamed = phrases.some(
        (phrase) =>
          isIn([names, title], phrase.sequence) ||
          [joinedNames, joinedTitle].some((line) => line.includes(phrase.joined)),
      );
      reasons?.push({ what: isNamed ? 'phrase in name or title' : 'phrase', points: isNamed ? 80 : 20 });
      total += isNamed ? 80 : 20;
    }
    // Without words everything matches alike, and the factors alone decide.
    if (total === 0) total = 1;
    for (const { what, factor } of factorsOf(candidate, facts)) {
      reasons?.push({ what, factor: round(factor) });
      total *= factor;
    }
    return { ...candidate, score: round(total), corrections };
  };
}

/** The best first. Equals in the order of their titles, so that pages fit together. */
export function rank(scored: Scored[]): Scored[] {
  return scored.sort(
    (a, b) =>
      b.score - a.score ||
      a.title.length - b.title.length ||
      (a.title < b.title ? -1 : a.title > b.title ? 1 : a.id - b.id),
  );
}
