import { scoreOf } from './match.ts';
import type { PaletteItem, PaletteQuestion } from './types.ts';

/** What the field says: a first sign chooses the scope, the rest is looked for. */
export type Typed = { scope: PaletteQuestion['scope'] | 'actions'; text: string };

const signs: Record<string, Typed['scope']> = { '>': 'actions', '@': 'people', '#': 'tags' };

export function readTyped(value: string): Typed {
  const scope = signs[value.trimStart().charAt(0)];
  return scope ? { scope, text: value.trimStart().slice(1).trim() } : { scope: 'all', text: value.trim() };
}

export type Group = { title: string; items: PaletteItem[]; more: number };

const perGroup = 5;
const inOneGroup = 60;
/** Below this a best match is only a guess, and is left in its group. */
const sure = 0.6;

/** Lines of our own that fit what was typed, the best first. */
export function fitting(items: PaletteItem[], text: string): PaletteItem[] {
  if (text === '') return items;
  return items
    .map((item) => ({
      ...item,
      score: Math.max(scoreOf(item.label, text), 0.8 * scoreOf(`${item.label} ${item.keywords ?? ''}`, text)),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
}

/** The best match on top whatever it is, then the groups, the one with the better first line first. */
export function arrange(items: PaletteItem[], { text, group }: { text: string; group: string | undefined }): Group[] {
  const known = new Map<string, PaletteItem>();
  for (const item of items) if (!known.has(item.id)) known.set(item.id, item);
  const sorted = text === '' ? [...known.values()] : [...known.values()].toSorted((a, b) => scored(b) - scored(a));
  if (group !== undefined) {
    const inGroup = sorted.filter((item) => item.group === group);
    return inGroup.length === 0
      ? []
      : [{ title: group, items: inGroup.slice(0, inOneGroup), more: Math.max(0, inGroup.length - inOneGroup) }];
  }
  const [best, ...others] = sorted;
  const top = text !== '' && best && scored(best) >= sure ? best : undefined;
  const groups = Map.groupBy(top ? others : sorted, (item) => item.group);
  return [
    ...(top ? [{ title: 'Best match', items: [top], more: 0 }] : []),
    ...[...groups].map(([title, all]) => ({
      title,
      items: all.slice(0, perGroup),
      more: Math.max(0, all.length - perGroup),
    })),
  ];
}

const scored = ({ score = 0 }: PaletteItem) => score;
