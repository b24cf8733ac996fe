import type { JsonObject, JsonValue } from '../types.ts';

const identifier = String.raw`-?[A-Za-z_\u00a0-\uffff][\w\u00a0-\uffff-]*`;
const value = String.raw`"[^"\n]*"|'[^'\n]*'|[^\s\]"'=]+`;
const start = new RegExp(`^(${identifier})`);
const part = new RegExp(String.raw`^(?:#(${identifier})|\.(${identifier})|\[([^\]\n]*)\])`);
const attribute = new RegExp(String.raw`(${identifier}) *(?:= *(${value}))?`, 'g');
const longest = 1_000;

/** The text under a key. */
export const textAt = (object: JsonObject, key: string): string | undefined => {
  const found = object[key];
  return typeof found === 'string' ? found : undefined;
};

/** A mapping of attributes as a block's `attrs` gives them. */
export function attributesOf(said: JsonValue | undefined): Record<string, string> {
  if (!said || typeof said !== 'object' || Array.isArray(said)) return {};
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, each]) =>
      /^[a-z][\w:.-]*$/i.test(name) && each !== null && typeof each !== 'object'
        ? [[name.toLowerCase(), String(each)] as const]
        : [],
    ),
  );
}

/** An element as CSS would select it: `div#id.class[name="value"]`; undefined when it is none. */
export function selectorOf(text: string): { tag: string; attributes: Record<string, string> } | undefined {
  const tag = text.length > longest ? undefined : start.exec(text)?.[1];
  if (tag === undefined) return undefined;
  const attributes: Record<string, string> = {};
  const classes: string[] = [];
  for (let rest = text.slice(tag.length); rest !== '';) {
    const [all, id, className, list] = part.exec(rest) ?? [];
    if (all === undefined) return undefined;
    rest = rest.slice(all.length);
    if (id !== undefined) attributes.id = id;
    if (className !== undefined) classes.push(className);
    for (const [, name = '', said] of (list ?? '').matchAll(attribute)) {
      const own = said === undefined ? name : said.replace(/^(["'])(.*)\1$/, '$2');
      if (name.toLowerCase() === 'class') classes.push(...own.split(' ').filter(Boolean));
      else attributes[name.toLowerCase()] = own;
    }
  }
  return {
    tag: tag.toLowerCase(),
    attributes: { ...attributes, ...(classes.length > 0 && { class: classes.join(' ') }) },
  };
}
