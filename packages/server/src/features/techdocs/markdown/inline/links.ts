import { spend } from '../page.ts';
import { element, source } from '../tree/nodes.ts';
import { plainText, type Context, type Found, type Pattern } from './pattern.ts';

/** Where the bracket opened at each place is closed; 0 where it is not. */
function partners(context: Context): Int32Array {
  if (context.partner) return context.partner;
  const { text } = context;
  const found = new Int32Array(text.length);
  const openings: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 91) openings.push(index);
    else if (code === 93) {
      const opening = openings.pop();
      if (opening !== undefined) found[opening] = index;
    }
  }
  context.partner = found;
  return found;
}

const angled = /\(\s*<([^<>]*)>\s*(?:('[^']*'|"[^"]*")\s*)?\)/y;
const titleEnd = (quote: string) => (quote === '"' ? /"\s*\)/g : /'\s*\)/g);

/** The address and title between parentheses. */
function destination(context: Context, start: number): { href: string; title?: string; end: number } | undefined {
  const { text, page } = context;
  if (text[start] !== '(') return undefined;
  angled.lastIndex = start;
  const simple = angled.exec(text);
  const clean = (title: string | undefined) =>
    title === undefined
      ? undefined
      : plainText(page, title.trim())
          .replace(/^(["'])(.*)\1$/s, '$2')
          .replaceAll(/\s/g, ' ');
  if (simple) {
    return {
      href: plainText(page, simple[1] ?? '').trim(),
      title: clean(simple[2]?.slice(1, -1)),
      end: angled.lastIndex,
    };
  }
  const spaces = /\s*/y;
  spaces.lastIndex = start + 1;
  spaces.exec(text);
  const from = spaces.lastIndex;
  let depth = 1;
  const hopeless = new Set<string>();
  for (let index = from; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '(') depth++;
    else if (character === ')') {
      depth--;
      if (depth === 0) return { href: plainText(page, text.slice(from, index)).trim(), end: index + 1 };
    } else if ((character === '"' || character === "'") && !hopeless.has(character)) {
      const regex = titleEnd(character);
      regex.lastIndex = index + 1;
      const match = regex.exec(text);
      const inside = match ? text.slice(index + 1, match.index) : '';
      // A parenthesis that closes the link before the quote is closed comes first, unless the quote clearly starts a title.
      if (match && (/\s/.test(text[index - 1] ?? '') || !inside.includes(')')))
        return { href: plainText(page, text.slice(from, index)).trim(), title: clean(inside), end: regex.lastIndex };
      hopeless.add(character);
    }
  }
  spend(page, text.length - from);
  return undefined;
}

const titled = (title: string | undefined): Record<string, string> => (title === undefined ? {} : { title });

export const link: Pattern = {
  name: 'link',
  needs: ['['],
  regex: /(?<!!)\[/g,
  handle(match, context): Found | undefined {
    const closing = partners(context)[match.index];
    if (!closing) return undefined;
    const found = destination(context, closing + 1);
    if (!found) return undefined;
    const node = element('a', { href: found.href, ...titled(found.title) }, [
      source(context.text.slice(match.index + 1, closing)),
    ]);
    return { node, start: match.index, end: found.end };
  },
};

export const imageLink: Pattern = {
  name: 'image_link',
  needs: ['!['],
  regex: /!\[/g,
  handle(match, context): Found | undefined {
    const closing = partners(context)[match.index + 1];
    if (!closing) return undefined;
    const found = destination(context, closing + 1);
    if (!found) return undefined;
    const alt = plainText(context.page, context.text.slice(match.index + 2, closing));
    return {
      node: element('img', { alt, src: found.href, ...titled(found.title) }),
      start: match.index,
      end: found.end,
    };
  },
};

const second = /\s?\[([^\]]*)\]/y;
const spaced = (text: string) => text.replaceAll(/\s+/g, ' ');

function referenced(match: RegExpExecArray, context: Context, image: boolean, short: boolean): Found | undefined {
  const { page, text } = context;
  const opening = match.index + (image ? 1 : 0);
  const closing = partners(context)[opening];
  if (!closing) return undefined;
  const label = text.slice(opening + 1, closing);
  let end = closing + 1;
  let id = label.toLowerCase();
  if (!short) {
    second.lastIndex = end;
    const other = second.exec(text);
    if (!other) return undefined;
    end = second.lastIndex;
    id = (other[1] ?? '').toLowerCase() || id;
  }
  const target = page.references.get(spaced(id)) ?? page.references.get(spaced(id).trim());
  // What stands between the brackets is no reference either.
  if (!target) return { start: match.index, end };
  const url = target.url;
  const node = image
    ? element('img', { alt: plainText(page, label), src: url, ...titled(target.title) })
    : element('a', { href: url, ...titled(target.title) }, [source(label)]);
  return { node, start: match.index, end };
}

const bracket = /(?<!!)\[/g;
const imageBracket = /!\[/g;
const pattern = (name: string, image: boolean, short: boolean): Pattern => ({
  name,
  needs: [image ? '![' : '['],
  regex: new RegExp(image ? imageBracket : bracket),
  handle: (match, context) => (context.page.references.size > 0 ? referenced(match, context, image, short) : undefined),
});

export const reference = pattern('reference', false, false);
export const imageReference = pattern('image_reference', true, false);
export const shortReference = pattern('short_reference', false, true);
export const shortImageReference = pattern('short_image_ref', true, true);
