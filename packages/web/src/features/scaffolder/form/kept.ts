import type { JsonObject } from '@callboard/model';
import { templateRef, type TemplateKey } from '../api.ts';

const keyOf = (template: TemplateKey) => `callboard.create.${templateRef(template)}`;

/** What was filled in before the page was loaded anew; this tab alone keeps it. */
export function readKept(template: TemplateKey): JsonObject | undefined {
  try {
    const text = sessionStorage.getItem(keyOf(template));
    return text === null ? undefined : (JSON.parse(text) as JsonObject);
  } catch {
    return undefined;
  }
}

/** Keeps the answers for as long as the tab lives; nothing secret may be among them. */
export function keep(template: TemplateKey, values: JsonObject | undefined): void {
  try {
    if (values === undefined) sessionStorage.removeItem(keyOf(template));
    else sessionStorage.setItem(keyOf(template), JSON.stringify(values));
  } catch {
    // Storage is switched off or full: the answers then last as long as the page.
  }
}

/** Values that a link brings along, as Backstage writes them. */
export function readPrefilled(text: string | undefined): JsonObject | undefined {
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
