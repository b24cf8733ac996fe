import { element, isBlockTag, raw, type Element } from '../tree/nodes.ts';
import { deepest, stash, type Page } from '../page.ts';
import { readTag, type Tag } from './tags.ts';

const spanTags = new Set('address dd dt h1 h2 h3 h4 h5 h6 legend li p summary td th'.split(' '));
const rawTags = new Set('canvas math option pre script style textarea'.split(' '));
const verbatim = new Set(['script', 'style']);
const blankLine = /([ ]*\n){2}/y;

type Mode = 'block' | 'span' | 'off';

/** How the content of an element is read: what `markdown="…"` says, as far as the elements around it allow. */
function modeOf(tag: string, written: string | undefined, parent: Mode | undefined): Mode {
  let wanted = written === 'markdown' || written === '' ? '1' : (written ?? '0');
  if (parent === 'off' || (parent === 'span' && wanted !== '0')) wanted = parent;
  const canBlock = !spanTags.has(tag) && !rawTags.has(tag) && tag !== 'hr';
  const canSpan = spanTags.has(tag);
  if ((wanted === '1' && canBlock) || (wanted === 'block' && (canBlock || canSpan))) return 'block';
  if ((wanted === '1' && canSpan) || (wanted === 'span' && (canBlock || canSpan))) return 'span';
  return 'off';
}

/**
 * Puts blocks of HTML aside. A block starts with a tag at the start of a line and ends with its closing tag. With `md_in_html`, an element
 * with a `markdown` attribute becomes an island whose content is parsed later.
 */
export function stashHtml(page: Page, text: string): string {
  const islands = page.features.has('md_in_html');
  const out: string[] = [];
  let tail = '';
  const emit = (part: string) => {
    if (!part) return;
    out.push(part);
    tail = part.length > 1 ? part : (tail + part).slice(-2);
  };

  let rawParts: string[] | undefined;
  const openTags: string[] = [];
  let inTail = false;
  const island: { node: Element; mode: Mode }[] = [];
  let position = 0;
  let lineStart = 0;

  const data = (part: string) => {
    if (inTail && part.includes('\n')) inTail = false;
    if (rawParts) rawParts.push(part);
    else if (island.length > 0) addText(island.at(-1)?.node, part);
    else emit(part);
  };
  const atLineStart = (at: number) => at - lineStart <= 3 && text.slice(lineStart, at).trim() === '';
  const blankFollows = (at: number) => {
    blankLine.lastIndex = at;
    return blankLine.test(text);
  };
  const separate = () => {
    if (!tail.endsWith('\n\n') && tail.endsWith('\n')) emit('\n');
  };
  let nextLine = text.indexOf('\n') + 1 || Infinity;
  const moveLine = (to: number) => {
    while (nextLine <= to) {
      lineStart = nextLine;
      nextLine = text.indexOf('\n', nextLine) + 1 || Infinity;
    }
  };

  const lone = (at: number, end: number, isBlock: boolean) => {
    const part = text.slice(at, end);
    if (rawParts) rawParts.push(part);
    else if (island.length > 0)
      data(atLineStart(at) && isBlock ? `\n${stash(page, raw(part, true))}\n\n` : stash(page, raw(part)));
    else if (isBlock && (inTail || atLineStart(at))) {
      if (!blankFollows(end)) inTail = true;
      separate();
      emit(stash(page, raw(part, true)));
      emit('\n\n');
    } else emit(part);
  };

  const startTag = (tag: Tag, at: number) => {
    const written = text.slice(at, tag.end);
    const block = isBlockTag(tag.name);
    if (tag.selfClosing || tag.name === 'hr') {
      lone(at, tag.end, block);
      return;
    }
    const starts = block && (inTail || atLineStart(at));
    if (starts && !rawParts && islands && island.length < deepest) {
      const mode = modeOf(tag.name, tag.attributes.markdown, island.at(-1)?.mode);
      if (island.length > 0 || mode !== 'off') {
        if (island.some(({ node }) => node.tag === 'p')) closeIsland('p', at);
        const { markdown: _, ...attributes } = tag.attributes;
        const node = element(tag.name, attributes);
        island.at(-1)?.node.children.push(node);
        island.push({ node, mode });
        modes.set(node, mode);
        return;
      }
    }
    if (starts && !rawParts && island.length === 0) {
      rawParts = [];
      emit('\n');
    }
    if (rawParts) {
      openTags.push(tag.name);
      rawParts.push(written);
    } else if (island.at(-1)?.mode === 'off') data(stash(page, raw(written)));
    else data(written);
  };

  const closeIsland = (name: string, end: number) => {
    for (let closed = island.pop(); closed; closed = island.pop()) {
      if (island.length === 0) {
        separate();
        const index = page.stash.length;
        emit(stash(page, closed.node));
        page.islands.add(index);
        emit('\n\n');
        if (!blankFollows(end)) inTail = true;
      }
      if (closed.node.tag === name) break;
    }
  };

  const endTag = (tag: Tag, at: number) => {
    const written = text.slice(at, tag.end);
    if (!rawParts) {
      if (isBlockTag(tag.name) && island.some(({ node }) => node.tag === tag.name)) closeIsland(tag.name, tag.end);
      else if (island.at(-1)?.mode === 'off') data(stash(page, raw(written)));
      else data(written);
      return;
    }
    rawParts.push(written);
    const index = openTags.lastIndexOf(tag.name);
    if (index >= 0) openTags.length = index;
    if (openTags.length > 0) return;
    if (blankFollows(tag.end)) rawParts.push('\n');
    else inTail = true;
    const part = rawParts.join('');
    rawParts = undefined;
    emit(stash(page, raw(part, true)));
    emit('\n\n');
  };

  const lastEnd = text.lastIndexOf('>');
  let noComment = false;
  while (position < text.length) {
    const at = text.indexOf('<', position);
    if (at < 0) break;
    if (at > position) data(text.slice(position, at));
    moveLine(at);
    position = at + 1;
    const next = text[at + 1];
    if (next === '!' || next === '?') {
      const comment = text.startsWith('<!--', at);
      const opening = comment || atLineStart(at) || inTail || island.length > 0;
      const closer = comment ? '-->' : next === '?' ? '?>' : text.startsWith('<![CDATA[', at) ? ']]>' : '>';
      const end = opening && !(comment && noComment) ? text.indexOf(closer, comment ? at + 4 : at + 2) : -1;
      if (end < 0) {
        noComment ||= comment && opening;
        data('<');
        continue;
      }
      position = end + closer.length;
      lone(at, position, true);
      moveLine(position);
      continue;
    }
    const tag = at < lastEnd ? readTag(text, at) : undefined;
    if (!tag) {
      data('<');
      continue;
    }
    position = tag.end;
    if (tag.closing) endTag(tag, at);
    else {
      startTag(tag, at);
      if (rawParts && verbatim.has(tag.name)) {
        const rest = text.slice(position).search(new RegExp(`</${tag.name}`, 'i'));
        const end = rest < 0 ? text.length : position + rest;
        data(text.slice(position, end));
        position = end;
      }
    }
    moveLine(position);
  }
  if (position < text.length) data(text.slice(position));
  if (rawParts) emit(stash(page, raw(rawParts.join(''), true)));
  const [outermost] = island;
  if (outermost) closeIsland(outermost.node.tag, text.length);
  return out.join('');
}

/** How each element of an island reads its content. */
export const modes = new WeakMap<Element, Mode>();

function addText(node: Element | undefined, part: string) {
  if (!node) return;
  const last = node.children.length - 1;
  const before = node.children[last];
  if (typeof before === 'string') node.children[last] = before + part;
  else node.children.push(part);
}
