import { repositoryPatterns } from '../formats/repository-links.ts';
import type { Page } from '../page.ts';
import { backticks, math } from './code.ts';
import { asterisks, carets, equalSigns, legacyUnderscores, tildes, underscores } from './emphasis.ts';
import { emoji } from './emoji.ts';
import { keys } from './keys.ts';
import { imageLink, imageReference, link, reference, shortImageReference, shortReference } from './links.ts';
import { magicLinks, magicMails } from './magic-links.ts';
import {
  abbreviations,
  autolink,
  automail,
  entity,
  escape,
  footnoteReference,
  html,
  lineBreak,
  loneMark,
  newLine,
  progress,
  wikiLink,
} from './small.ts';
import type { Pattern } from './pattern.ts';

const made = new WeakMap<Page, readonly Pattern[]>();

/** The patterns of a page, in the order in which they apply. */
export function patternsOf(page: Page): readonly Pattern[] {
  const known = made.get(page);
  if (known) return known;
  const { has, option } = page.features;
  const better = has('pymdownx.betterem');
  const pairOf = (name: string, long: string, short: string) => {
    const isOn = (key: string) => option(`pymdownx.${name}`, key) !== false;
    return { long: isOn(long), short: isOn(short), careful: isOn(`smart_${long}`) };
  };
  const list: [number, Pattern | undefined | false][] = [
    [190, backticks(has('pymdownx.inlinehilite'))],
    [189.9, has('pymdownx.arithmatex') && math(option('pymdownx.arithmatex', 'smart_dollar') !== false)],
    [185, has('pymdownx.keys') && keys(option('pymdownx.keys', 'separator'))],
    [180, escape(page)],
    [179, has('pymdownx.progressbar') && progress],
    [175, has('footnotes') && footnoteReference],
    [170, reference],
    [160, link],
    [150, imageLink],
    [140, imageReference],
    [130, shortReference],
    [125, shortImageReference],
    [120, autolink],
    [110, automail],
    [100, lineBreak],
    [90, html],
    [85, has('pymdownx.magiclink') && magicLinks],
    [84.9, has('pymdownx.magiclink') && magicMails],
    [80, entity],
    ...repositoryPatterns(page.features).map((each): [number, Pattern] => [79, each]),
    [75.1, has('wikilinks') && wikiLink],
    [75, has('pymdownx.emoji') && emoji],
    [70, !better && loneMark],
    [65, has('pymdownx.mark') && equalSigns(option('pymdownx.mark', 'smart_mark') !== false)],
    [64.9, has('pymdownx.caret') && carets(pairOf('caret', 'insert', 'superscript'))],
    [64.8, has('pymdownx.tilde') && tildes(pairOf('tilde', 'delete', 'subscript'))],
    [60, asterisks(better, option('pymdownx.betterem', 'smart_enable'))],
    [50.1, has('legacy_em') && legacyUnderscores()],
    [50, underscores(better, option('pymdownx.betterem', 'smart_enable'))],
    [5, has('nl2br') && newLine],
    [2, page.abbreviations.size > 0 && abbreviations(page)],
  ];
  const patterns = list.flatMap(([, pattern]) => (pattern ? [pattern] : []));
  made.set(page, patterns);
  return patterns;
}
