/** A start or end tag found in text. */
export type Tag = {
  name: string;
  end: number;
  closing: boolean;
  selfClosing: boolean;
  attributes: Record<string, string>;
};

const mostAttributes = 200;
const nameStart = /[a-z]/i;
const nameEnd = /[`\t\n\r\f />\0]/g;
const attributeName = /[^`\s/>][^\s/=>]*/y;
const equals = /\s*=+\s*/y;
const bareValue = /(?!['"])[^`>\s]*/y;
const endTag = /<\/\s*([a-z][^\t\n\r\f />\0]*)[^<>]*>/iy;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescape = (text: string) =>
  text.replaceAll(
    /&(amp|lt|gt|quot|apos|#39);/g,
    (all, name: string) => entities[name] ?? (name === '#39' ? "'" : all),
  );

/** Reads the tag at a `<`; undefined where there is none. Linear: a value ends at its quote, and a missing quote is found once. */
export function readTag(text: string, start: number): Tag | undefined {
  if (text[start + 1] === '/') {
    endTag.lastIndex = start;
    const match = endTag.exec(text);
    return match
      ? {
          name: (match[1] ?? '').toLowerCase(),
          end: endTag.lastIndex,
          closing: true,
          selfClosing: false,
          attributes: {},
        }
      : undefined;
  }
  if (!nameStart.test(text[start + 1] ?? '')) return undefined;
  nameEnd.lastIndex = start + 1;
  const afterName = nameEnd.exec(text);
  if (!afterName || afterName[0] === '`') return undefined;
  const name = text.slice(start + 1, afterName.index).toLowerCase();
  const attributes: Record<string, string> = {};
  let position = afterName.index;
  for (let count = 0; count < mostAttributes; count++) {
    const before = position;
    while (/[\s/]/.test(text[position] ?? '') && !(text[position] === '/' && text[position + 1] === '>')) position++;
    const next = text[position];
    if (next === undefined || next === '`') return undefined;
    if (next === '>') return { name, end: position + 1, closing: false, selfClosing: false, attributes };
    if (next === '/') return { name, end: position + 2, closing: false, selfClosing: true, attributes };
    if (before === position && !/['"]/.test(text[position - 1] ?? '')) return undefined;
    attributeName.lastIndex = position;
    const attribute = attributeName.exec(text);
    if (!attribute) return undefined;
    position = attributeName.lastIndex;
    equals.lastIndex = position;
    let value = attribute[0];
    if (equals.test(text)) {
      position = equals.lastIndex;
      const quote = text[position];
      if (quote === '"' || quote === "'") {
        const end = text.indexOf(quote, position + 1);
        if (end < 0) return undefined;
        value = text.slice(position + 1, end);
        position = end + 1;
      } else {
        bareValue.lastIndex = position;
        value = bareValue.exec(text)?.[0] ?? '';
        position += value.length;
      }
      while (text[position] === ',') position++;
    }
    attributes[attribute[0].toLowerCase()] ??= unescape(value);
  }
  return undefined;
}
