import { close, open, type Page } from '../page.ts';
import { textOf, type Node } from '../tree/nodes.ts';

export type Context = { page: Page; text: string; index: number; inLink: boolean; partner: Int32Array | undefined };
/** What a pattern made of a stretch of text; without a node the stretch is only skipped. */
export type Found = { node?: Node; start: number; end: number };
export type Pattern = {
  name: string;
  /** One of these is in every text that the pattern can match. */
  needs: readonly string[];
  /** Where to look closer; global. */
  regex: RegExp;
  /** What is found may let something before it match that did not. */
  startsAgain?: boolean;
  /** Not inside a link. */
  outsideLinks?: boolean;
  handle(match: RegExpExecArray, context: Context): Found | undefined;
};

const placeholder = new RegExp(`${open}([hie])(\\d+)${close}`, 'g');

/** What stands for an escaped character. */
export const escaped = (character: string) => `${open}e${character.charCodeAt(0)}${close}`;

/** The text with everything that was put aside in it, for attributes. */
export function plainText(page: Page, text: string): string {
  if (!text.includes(open)) return text;
  return text.replaceAll(placeholder, (_all, kind: string, number: string) => {
    if (kind === 'e') return String.fromCharCode(Number(number));
    const node = kind === 'i' ? page.inline[Number(number)] : page.stash[Number(number)];
    if (node === undefined) return '';
    if (typeof node === 'object' && node.type === 'raw') return plainText(page, node.raw);
    return plainText(page, textOf([node]));
  });
}
