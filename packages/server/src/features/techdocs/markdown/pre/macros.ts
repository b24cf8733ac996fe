import type { JsonObject, JsonValue } from '../types.ts';
import { note, type Page } from '../page.ts';

const expression = /\{\{-?\s*([a-z_][\w.]*)\s*-?\}\}/gi;

function lookUp(variables: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = variables;
  for (const key of path.split('.')) {
    if (!value || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Puts the values of variables in place of `{{ path }}`; what is not a known variable stays. */
export function expandMacros(page: Page, text: string): string {
  const { variables } = page.options;
  if (!variables || !text.includes('{{')) return text;
  return text.replaceAll(expression, (all, path: string, offset: number) => {
    const value = lookUp(variables, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    note(page, {
      code: 'DOCS_UNKNOWN_VARIABLE',
      message: `Nothing is known of ${all}; it stays as it is.`,
      fix: 'Set it under extra in mkdocs.yml. Macros beyond plain variables are not run.',
      line: text.slice(0, offset).split('\n').length,
    });
    return all;
  });
}
