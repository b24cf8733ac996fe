import type { Features } from './features.ts';
import type { Element, Node, Raw } from './tree/nodes.ts';
import type { MarkdownOptions, PageLink, PageNote } from './types.ts';

export type Reference = { url: string; title?: string };

/** A fenced block as it stood, to be put back where it turns out to be part of an indented code block. */
export type Fence = { source: string; indent: number };

/** A block of `///` that has no older syntax. `source` is the line that opened it. */
export type GenericBlock = { source: string; attributes: Record<string, string> } & (
  | { kind: 'html'; tag: string; mode: string }
  | { kind: 'definition' }
  | { kind: 'caption'; type: string; prepends: boolean; number?: string; level?: number }
);

/** What is known while one page is rendered. */
export type Page = {
  options: MarkdownOptions;
  features: Features;
  /** Finished parts that stand in the text as `\u0002h<index>\u0003`. */
  stash: (Raw | Element)[];
  /** Fences by stash index. */
  fences: Map<number, Fence>;
  /** Elements with a `markdown` attribute by stash index, not yet parsed. */
  islands: Set<number>;
  /** Stand in the text as `\u0002b<index>\u0003`. */
  blocks: GenericBlock[];
  /** Finished inline parts that stand in the text as `\u0002i<index>\u0003`. */
  inline: Node[];
  references: Map<string, Reference>;
  footnotes: Map<string, string>;
  footnoteUses: Map<string, number>;
  abbreviations: Map<string, string>;
  links: PageLink[];
  notes: PageNote[];
  tabSets: number;
  /** Characters looked at; above the limit the rest of the page stays plain text. */
  work: number;
  workLimit: number;
};

export const open = '\u0002';
export const close = '\u0003';
export const deepest = 100;
export const longestSource = 2_000_000;

/** Puts a finished part aside and returns what stands for it in the text. */
export function stash(page: Page, node: Raw | Element): string {
  page.stash.push(node);
  return `${open}h${page.stash.length - 1}${close}`;
}

export function note(page: Page, found: PageNote) {
  if (
    page.notes.length < 200 &&
    !page.notes.some((one) => one.code === found.code && one.line === found.line && one.message === found.message)
  )
    page.notes.push(found);
}

/** Counts work and says whether there is any left to spend. */
export function spend(page: Page, amount: number): boolean {
  page.work += amount;
  if (page.work <= page.workLimit) return true;
  note(page, {
    code: 'DOCS_TOO_MUCH_WORK',
    message: 'The page has a structure that takes too long to read; the rest of it is shown as plain text.',
    fix: 'Look for thousands of unclosed brackets, asterisks or quotes, or split the page.',
    line: 1,
  });
  return false;
}
