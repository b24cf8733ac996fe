import { append, setSource, type Element } from '../tree/nodes.ts';
import { deepest, note, spend, type Page } from '../page.ts';

export type State = 'list' | 'looselist' | 'detabbed' | 'quote' | 'definition';

/**
 * The blocks that are still to be read, last one first: `blocks.at(-1)` is next. A processor that takes it removes it and may push what is
 * left of it.
 */
export type Blocks = string[];
export type Processor = (parser: BlockParser, parent: Element, blocks: Blocks) => boolean;
export type BlockParser = {
  page: Page;
  processors: readonly Processor[];
  states: State[];
  depth: number;
};

export const inState = (parser: BlockParser, state: State) => parser.states.at(-1) === state;

/** Runs while a state is in force. */
export function within(parser: BlockParser, state: State, run: () => void) {
  parser.states.push(state);
  run();
  parser.states.pop();
}

function appendPlain(parent: Element, text: string) {
  if (text.trim()) append(parent, 'p').children.push(text);
}

/** Parses blocks, in order, into an element. */
export function parseBlocks(parser: BlockParser, parent: Element, inOrder: readonly string[]) {
  const blocks = inOrder.toReversed();
  if (parser.depth >= deepest) {
    note(parser.page, {
      code: 'DOCS_NESTED_TOO_DEEP',
      message: `Blocks are nested deeper than ${deepest} levels; what is deeper is shown as plain text.`,
      fix: 'Flatten the lists or quotes.',
      line: 1,
    });
    appendPlain(parent, inOrder.join('\n\n'));
    return;
  }
  parser.depth++;
  while (blocks.length > 0) {
    const block = blocks.at(-1) ?? '';
    if (!spend(parser.page, block.length + 20)) {
      appendPlain(parent, blocks.reverse().join('\n\n'));
      break;
    }
    if (!parser.processors.some((process) => process(parser, parent, blocks))) blocks.pop();
  }
  parser.depth--;
}

/** Parses text, cut at blank lines, into an element. */
export const parseText = (parser: BlockParser, parent: Element, text: string) =>
  parseBlocks(parser, parent, text.split('\n\n'));

/** Takes the indentation off the leading lines that have it; the second part starts at the first line that has not. */
export function detab(text: string, length: number): [string, string] {
  const lines = text.split('\n');
  const indent = ' '.repeat(length);
  let index = 0;
  for (; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith(indent)) lines[index] = line.slice(length);
    else if (line.trim() === '') lines[index] = '';
    else break;
  }
  return [lines.slice(0, index).join('\n'), lines.slice(index).join('\n')];
}

/** Takes the indentation off every line that has it. */
export function looseDetab(text: string, length: number): string {
  const indent = ' '.repeat(length);
  return text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(length) : line))
    .join('\n');
}

/** Turns an item's leading text into a paragraph of its own. */
export function wrapText(item: Element) {
  const [first] = item.children;
  if (typeof first !== 'object' || first.type !== 'source' || !first.source) return;
  const paragraph: Element = { type: 'element', tag: 'p', attributes: {}, children: [] };
  setSource(paragraph, first.source);
  item.children[0] = paragraph;
}
