import type { JsonObject, JsonValue } from '../types.ts';
import { note, type Page } from '../page.ts';

/** Where a value, a comment, or text that is to stay as it is starts. */
const start = /\{\{-?\s*([a-z_][\w.]*)\s*-?\}\}|(\{%-?\s*raw\s*-?%\})|\{#(?!\w)/gi;
const rawEnd = /\{%-?\s*endraw\s*-?%\}/g;

function lookUp(variables: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = variables;
  for (const key of path.split('.')) {
    if (!value || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Puts the values of variables in place of `{{ path }}`; what is not a known variable stays, as does what is marked as raw. */
export function expandMacros(page: Page, text: string): string {
  const { variables } = page.options;
  if (!variables || Object.keys(variables).length === 0 || !text.includes('{')) return text;
  const valueOf = (all: string, path: string, at: number): string => {
    const value = lookUp(variables, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    note(page, {
      code: 'DOCS_UNKNOWN_VARIABLE',
      message: `Nothing is known of ${all}; it stays as it is.`,
      fix: 'Set it under extra in mkdocs.yml. Macros beyond plain variables are not run.',
      line: text.slice(0, at).split('\n').length,
    });
    return all;
  };
  let out = '';
  let done = 0;
  // What is never closed is looked for once.
  const unclosed = new Set<string>();
  for (const match of text.matchAll(start)) {
    const { 0: all, 1: path, 2: raw, index } = match;
    if (index < done) continue;
    const after = index + all.length;
    if (path !== undefined) {
      out += text.slice(done, index) + valueOf(all, path, index);
      done = after;
      continue;
    }
    const kind = raw === undefined ? 'comment' : 'raw';
    if (unclosed.has(kind)) continue;
    const end = raw === undefined ? /#\}/g : rawEnd;
    end.lastIndex = after;
    const closing = end.exec(text);
    if (!closing) {
      unclosed.add(kind);
      continue;
    }
    out += text.slice(done, index) + (raw === undefined ? '' : text.slice(after, closing.index));
    done = closing.index + closing[0].length;
  }
  return out + text.slice(done);
}
