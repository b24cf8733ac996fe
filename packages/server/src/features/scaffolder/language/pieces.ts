/**
 * Most of what a file of a template says are names such as `${{ values.name }}`, again and again. Such an expression says the same wherever
 * it stands and changes nothing, so it is worked out once for all files; only what lies between blocks is read as a whole.
 */

/** A name, also below others, with filters that take nothing. */
const name = /\$\{\{[ \t]*([A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)*[ \t]*(?:\|[ \t]*(?!random\b)[A-Za-z]\w*[ \t]*)*\}\}/y;
const passing = /^-?\s*(?:if|elif|elseif|else|endif|for|endfor|raw|endraw|verbatim|endverbatim)\b/;
const loopNames = /^-?\s*for\s+([\s\S]*?)\sin\s/;

/** Where a block or a comment begins, or -1. */
function blockFrom(text: string, from: number): number {
  const block = text.indexOf('{%', from);
  const comment = text.indexOf('{#', from);
  return block === -1 || (comment !== -1 && comment < block) ? comment : block;
}

/** The texts and names up to `end`; undefined when there is anything else. */
function namesOf(text: string, from: number, end: number): { parts: string[]; roots: string[] } | undefined {
  const parts: string[] = [];
  const roots: string[] = [];
  for (let at = from; ;) {
    const next = text.indexOf('${{', at);
    if (next === -1 || next >= end) {
      parts.push(text.slice(at, end));
      return { parts, roots };
    }
    name.lastIndex = next;
    const [found, root] = name.exec(text) ?? [];
    if (found === undefined || next + found.length > end) return undefined;
    parts.push(text.slice(at, next), found);
    roots.push(root!);
    at = next + found.length;
  }
}

/** The code in blocks and expressions; undefined when one does not end. */
function codeOf(text: string): { code: string; isBlock: boolean }[] | undefined {
  const found: { code: string; isBlock: boolean }[] = [];
  for (let at = 0; ;) {
    const block = text.indexOf('{%', at);
    const expression = text.indexOf('${{', at);
    if (block === -1 && expression === -1) return found;
    const isBlock = expression === -1 || (block !== -1 && block < expression);
    const begin = isBlock ? block + 2 : expression + 3;
    const end = text.indexOf(isBlock ? '%}' : '}}', begin);
    if (end === -1) return undefined;
    found.push({ code: text.slice(begin, end), isBlock });
    at = end + 2;
  }
}

/** Whether what stands in blocks leaves all names as they were for the text after it. */
function leavesNames(text: string, roots: string[]): boolean {
  if (roots.includes('loop')) return false;
  return (codeOf(text) ?? [{ code: '(', isBlock: true }]).every(({ code, isBlock }) => {
    const bare = code.replaceAll(/"[^"]*"|'[^']*'/g, '');
    if (/["'(\\/]/.test(bare)) return false;
    if (!isBlock) return true;
    const bound = loopNames.exec(code)?.[1]?.match(/\w+/g) ?? [];
    return passing.test(code) && !bound.some((each) => roots.includes(each));
  });
}

/**
 * Takes a text apart into pieces that can be rendered one by one and put together again: at even places text that is rendered as a whole or
 * is nothing but text, at odd places single expressions.
 *
 * @returns undefined when the text has to be rendered as a whole
 */
export function piecesOf(text: string): { before: string[]; whole: string; after: string[] } | undefined {
  const first = blockFrom(text, 0);
  const end = first === -1 ? text.length : first;
  const before = text[end + 2] === '-' ? undefined : namesOf(text, 0, end);
  if (text.slice(0, end).includes('#}')) return undefined;
  if (first === -1) return before && { before: before.parts, whole: '', after: [] };
  const last = Math.max(text.lastIndexOf('%}'), text.lastIndexOf('#}')) + 2;
  const begin = before ? end : 0;
  const after =
    last < end + 4 || text[last - 3] === '-' || blockFrom(text, last) !== -1
      ? undefined
      : namesOf(text, last, text.length);
  const isFree = after !== undefined && leavesNames(text.slice(begin, last), after.roots);
  if (!before && !isFree) return undefined;
  return {
    before: before?.parts ?? [],
    whole: text.slice(begin, isFree ? last : text.length),
    after: isFree ? after.parts : [],
  };
}
