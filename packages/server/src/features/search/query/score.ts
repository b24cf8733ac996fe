import { type Profile, readProfile } from '../analysis/analyse.ts';
import { allowedEdits, distance } from '../analysis/distance.ts';
import type { Candidate } from '../store/engine.ts';
import type { ParsedQuery, Unit } from './parse.ts';
import type { Expansions } from './plan.ts';

/** One reason for the place of a document. */
export type Reason = { what: string; points?: number; factor?: number };

export type Scored = Candidate & { score: number; reasons: Reason[]; corrections: Set<string> };

/** What ranking knows apart from the documents. */
export type RankingFacts = {
  /** refs of the asker and of the asker's groups */
  mine: ReadonlySet<string>;
  asker: string;
  opens: ReadonlyMap<string, { all: number; here: number }>;
  documentName(candidate: Candidate): string;
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
    // The start of a longer word, typed with a mistake.
    const start = distance(word, found.slice(0, word.length), 2);
    return { quality: start <= 1 ? 0.4 : 0.3, how: 'typing mistake in the start of a word', corrected: found };
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

type Hit = { points: number; field: keyof typeof fields; match: Match };

function hitOf(profile: Profile, word: string, others: readonly string[] | undefined): Hit {
  let best: Hit = { points: 0, field: 'prose', match: noMatch };
  for (const field of ['names', 'title', 'tags', 'operations', 'facts'] as const) {
    const match = bestIn(profile[field], word, others);
    const points = fields[field] * match.quality;
    if (points > best.points) best = { points, field, match };
  }
  return best;
}

function hitOfUnit(profile: Profile, { parts, whole }: Unit, expansions: Expansions): Hit[] {
  const hits = parts.map((part) => hitOf(profile, part, expansions.get(part)));
  if (!whole || hits.every((hit) => hit.points > 0)) return hits;
  const asOne = hitOf({ ...profile, names: [...profile.names, ...profile.joinedNames] }, whole, expansions.get(whole));
  return asOne.points > 0 ? [asOne] : hits;
}

/** Whether the words of the query stand in this order, side by side. The last may be the start of a word. */
function inSequence(words: readonly string[], query: readonly string[]): boolean {
  if (query.length < 2) return false;
  return words.some((_, start) =>
    query.every((word, index) => {
      const found = words[start + index];
      return index === query.length - 1 ? found?.startsWith(word) === true : found === word;
    }),
  );
}

function nameReason(profile: Profile, joined: string): Reason | undefined {
  if (!joined) return undefined;
  if (profile.joinedNames.includes(joined)) return { what: 'this is its name', points: bonus.exactName };
  if (profile.joinedTitle === joined) return { what: 'this is its title', points: bonus.exactTitle };
  const coverage = (text: string) => 0.5 + 0.5 * (joined.length / text.length);
  const starts = profile.joinedNames.filter((name) => name.startsWith(joined)).map(coverage);
  if (starts.length > 0) return { what: 'its name starts so', points: bonus.namePrefix * Math.max(...starts) };
  if (profile.joinedTitle.startsWith(joined))
    return { what: 'its title starts so', points: bonus.titlePrefix * coverage(profile.joinedTitle) };
  // A whole name with one or two typing mistakes.
  const most = allowedEdits(joined.length);
  const near = [...profile.joinedNames, profile.joinedTitle].some(
    (name) => name && distance(joined, name, most) <= most,
  );
  return near && joined.length > 3 ? { what: 'nearly its name', points: bonus.namePrefix * 0.6 } : undefined;
}

function factorsOf(candidate: Candidate, facts: RankingFacts): Reason[] {
  const reasons: Reason[] = [];
  if (candidate.weight !== 100) reasons.push({ what: 'kind of thing', factor: candidate.weight / 100 });
  if (candidate.owner === facts.asker) reasons.push({ what: 'yours', factor: 1.2 });
  else if (candidate.owner && facts.mine.has(candidate.owner)) reasons.push({ what: "your team's", factor: 1.15 });
  if (candidate.deprecated) reasons.push({ what: 'deprecated', factor: 0.75 });
  const opens = facts.opens.get(facts.documentName(candidate));
  if (opens?.here)
    reasons.push({ what: 'opened after this search', factor: 1 + Math.min(0.25, 0.08 * Math.log2(1 + opens.here)) });
  if (opens?.all) reasons.push({ what: 'often opened', factor: 1 + Math.min(0.15, 0.03 * Math.log2(1 + opens.all)) });
  return reasons;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Scores one document. Every part of the score is a reason that can be shown. */
export function score(candidate: Candidate, query: ParsedQuery, expansions: Expansions, facts: RankingFacts): Scored {
  const profile = readProfile(candidate.profile);
  const reasons: Reason[] = [];
  const corrections = new Set<string>();
  const hits = query.units.filter((unit) => !unit.small).flatMap((unit) => hitOfUnit(profile, unit, expansions));
  let sum = 0;
  let missed = 0;
  for (const { points, field, match } of hits) {
    if (match.corrected) corrections.add(match.corrected);
    if (points === 0) missed += 1;
    else {
      sum += points;
      reasons.push({ what: `${match.how} in ${fieldNames[field]}`, points: round(points / hits.length) });
    }
  }
  // What is in none of the short fields was found in the text, by itself or by its stem.
  const inText = !facts.close ? missed : facts.close.has(candidate.id) ? Math.max(0, missed - 1) : 0;
  if (inText > 0) {
    sum += inText * fields.prose;
    reasons.push({ what: 'in text', points: round((inText * fields.prose) / hits.length) });
  }
  let total = hits.length > 0 ? sum / hits.length : 0;
  const whole =
    query.ref === candidate.key
      ? { what: 'this is its ref', points: bonus.exactName }
      : nameReason(profile, query.joined);
  const words = query.units.flatMap((unit) => unit.parts);
  const sequence = [profile.names, profile.title, profile.tags, profile.operations].some((list) =>
    inSequence(list, words),
  );
  if (whole) reasons.push({ ...whole, points: round(whole.points!) });
  else if (sequence || candidate.sequence)
    reasons.push({ what: 'words in this order', points: sequence ? bonus.sequence : bonus.textSequence });
  total += whole?.points ?? (sequence ? bonus.sequence : candidate.sequence ? bonus.textSequence : 0);
  if (query.phrases.length > 0) {
    const named = query.phrases.some((phrase) =>
      [profile.names, profile.title].some((list) => inSequence(list, phrase)),
    );
    reasons.push({ what: named ? 'phrase in name or title' : 'phrase', points: named ? 80 : 20 });
    total += named ? 80 : 20;
  }
  // Without words everything matches alike, and the factors alone decide.
  if (total === 0) total = 1;
  for (const reason of factorsOf(candidate, facts)) {
    reasons.push({ ...reason, factor: round(reason.factor!) });
    total *= reason.factor!;
  }
  return { ...candidate, score: round(total), reasons, corrections };
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
