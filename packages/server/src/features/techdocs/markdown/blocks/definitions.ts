import { append, isSource, lastElement, setSource } from '../tree/nodes.ts';
import { pushAround } from './basic.ts';
import { detab, looseDetab, parseBlocks, within, type Processor } from './parser.ts';

const definitionLine = /(?:^|\n)[ ]{0,3}:[ ]{1,3}([^\n]*)(?:\n|$)/;

/** Terms with definitions behind a colon. */
export const definitionList =
  (indent: number): Processor =>
  (parser, parent, blocks) => {
    const block = blocks.at(-1) ?? '';
    if (!block.includes(': ')) return false;
    const match = definitionLine.exec(block);
    if (!match) return false;
    let terms = block
      .slice(0, match.index)
      .split('\n')
      .map((term) => term.trim())
      .filter(Boolean);
    let sibling = lastElement(parent);
    if (terms.length === 0 && !sibling) return false;
    blocks.pop();
    const after = block.slice(match.index + match[0].length);
    const lead = /^[ ]*/.exec(after)?.[0].length ?? 0;
    const lazy = lead < indent && after !== '' && after[lead] !== ':' && after[lead] !== '\n' && lead < after.length;
    const [text, rest] = lazy ? [after, ''] : detab(after, 4);
    const content = text ? `${match[1]}\n${text}` : (match[1] ?? '');
    let state: 'list' | 'looselist' = 'list';
    if (terms.length === 0 && sibling?.tag === 'p') {
      const [first] = sibling.children;
      terms = isSource(first) ? first.source.split('\n') : [];
      parent.children.splice(parent.children.lastIndexOf(sibling), 1);
      sibling = lastElement(parent);
      state = 'looselist';
    }
    const list = sibling?.tag === 'dl' ? sibling : append(parent, 'dl');
    if (terms.length === 0) {
      const last = lastElement(list);
      if (last?.tag === 'dd' && lastElement(last)) state = 'looselist';
    }
    for (const term of terms) setSource(append(list, 'dt'), term);
    const item = append(list, 'dd');
    within(parser, state, () => parseBlocks(parser, item, [content]));
    if (rest) blocks.push(rest);
    return true;
  };

const footnoteLine = /^[ ]{0,3}\[\^([^\]]*)\]:[ ]*(.*)$/m;

export const footnote: Processor = (parser, _parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes('[^')) return false;
  const match = footnoteLine.exec(block);
  if (!match) return false;
  blocks.pop();
  const rest = block.slice(match.index + match[0].length).replace(/^\n+/, '');
  const next = footnoteLine.exec(rest);
  const parts: string[] = [];
  if (next) {
    parts.push(`${match[2]}\n${looseDetab(rest.slice(0, next.index).replace(/\n+$/, ''), 4)}`.replace(/^\n+/, ''));
    blocks.push(rest.slice(next.index));
  } else {
    parts.push(`${match[2]}\n${looseDetab(rest, 4)}`.replace(/^\n+|\n+$/g, ''));
    while (blocks.at(-1)?.startsWith('    ')) {
      const following = blocks.pop() ?? '';
      const other = footnoteLine.exec(following);
      if (!other) {
        parts.push(looseDetab(following, 4));
        continue;
      }
      const before = following.slice(0, other.index).replace(/\n+$/, '');
      if (before) parts.push(looseDetab(before, 4));
      blocks.push(following.slice(other.index));
      break;
    }
  }
  parser.page.footnotes.set(match[1] ?? '', parts.join('\n\n').trimEnd());
  const before = block.slice(0, match.index);
  if (before.trim()) blocks.push(before.replace(/\n+$/, ''));
  return true;
};

const abbreviationLine = /^[*]\[([^\]]*)\][ ]?:[ ]*\n?[ ]*(.*)$/m;

export const abbreviation: Processor = (parser, _parent, blocks) => {
  const block = blocks.at(-1) ?? '';
  if (!block.includes('*[')) return false;
  const match = abbreviationLine.exec(block);
  if (!match) return false;
  blocks.pop();
  const name = (match[1] ?? '').trim();
  if (name) parser.page.abbreviations.set(name, (match[2] ?? '').trim());
  pushAround(blocks, block, match.index, match[0].length);
  return true;
};
