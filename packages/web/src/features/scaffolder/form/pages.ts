import type { JsonObject, JsonValue } from '@callboard/model';
import type { TemplateParameterSchema } from '@callboard/model/http';
import {
  deepEquals,
  getDefaultFormState,
  retrieveSchema,
  type RJSFSchema,
  type RJSFValidationError,
} from '@rjsf/utils';
import { pageOf } from './ui-schema.ts';
import { faultsOf, validator } from './validator.ts';

export type FormPage = TemplateParameterSchema['steps'][number];

const isRecord = (value: unknown): value is Record<string, JsonValue> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every property that a page may ask for, also those that depend on others, with what the template says of it. */
export function propertiesOf(schema: JsonValue | undefined): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>();
  const add = (more: Map<string, JsonObject>) => {
    for (const [name, property] of more) if (!found.has(name)) found.set(name, property);
  };
  if (!isRecord(schema)) return found;
  if (isRecord(schema['properties']))
    for (const [name, property] of Object.entries(schema['properties']))
      if (isRecord(property)) found.set(name, property);
  for (const key of ['then', 'else']) add(propertiesOf(schema[key]));
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    for (const each of Array.isArray(schema[key]) ? schema[key] : []) add(propertiesOf(each));
  if (isRecord(schema['dependencies']))
    for (const each of Object.values(schema['dependencies'])) add(propertiesOf(each));
  return found;
}

/** The pages that are asked for as the answers are now. */
export const shownPages = (form: TemplateParameterSchema): FormPage[] =>
  form.steps.filter(({ isShown }) => isShown !== false);

/** Only what the pages that are shown ask for: answers to a page that has gone are not sent. */
export function valuesToSend(form: TemplateParameterSchema, values: JsonObject): JsonObject {
  const names = (pages: FormPage[]) => new Set(pages.flatMap(({ schema }) => [...propertiesOf(schema).keys()]));
  const hidden = names(form.steps.filter(({ isShown }) => isShown === false));
  const shown = names(shownPages(form));
  return Object.fromEntries(Object.entries(values).filter(([name]) => shown.has(name) || !hidden.has(name)));
}

/** Whether what is typed into a field must not be kept or shown. */
export const isSecret = (property: JsonObject): boolean =>
  property['ui:field'] === 'Secret' || property['ui:widget'] === 'password';

/** The answers as they may be kept in the browser: nothing secret. */
export function valuesToKeep(form: TemplateParameterSchema, values: JsonObject): JsonObject {
  const secret = new Set(
    form.steps.flatMap(({ schema }) =>
      [...propertiesOf(schema)].filter(([, property]) => isSecret(property)).map(([name]) => name),
    ),
  );
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(name)));
}

/** The answers with what the pages answer by themselves where nobody has. */
export function withDefaults(pages: FormPage[], values: JsonObject): JsonObject {
  let complete = values;
  for (const page of pages) {
    const { schema } = pageOf(page.schema, new Set());
    try {
      complete = getDefaultFormState(validator as never, schema, complete, schema, false, {
        emptyObjectFields: 'skipEmptyDefaults',
      }) as JsonObject;
    } catch {
      // A schema that cannot be read has no defaults.
    }
  }
  return complete;
}

const defaultsOf = (form: TemplateParameterSchema): Map<string, JsonValue | undefined> =>
  new Map(form.steps.flatMap(({ schema }) => [...propertiesOf(schema)].map(([name, each]) => [name, each['default']])));

/** The answers after others have changed what the form answers by itself: what nobody has touched follows. */
export function withNewDefaults(
  before: TemplateParameterSchema,
  now: TemplateParameterSchema,
  values: JsonObject,
): JsonObject {
  const [old, fresh] = [defaultsOf(before), defaultsOf(now)];
  const followed = [...fresh].filter(
    ([name, value]) =>
      old.get(name) !== undefined && !deepEquals(old.get(name), value) && deepEquals(values[name], old.get(name)),
  );
  if (followed.length === 0) return values;
  const kept = { ...values };
  for (const [name, value] of followed)
    if (value === undefined) delete kept[name];
    else kept[name] = value;
  return kept;
}

/** What of a page does not fit, with what depends on the answers worked out. */
export function faultsOfPage(page: FormPage, values: JsonObject): RJSFValidationError[] {
  const { schema } = pageOf(page.schema, new Set());
  let resolved: RJSFSchema = schema;
  try {
    resolved = retrieveSchema(validator, schema, schema, values);
  } catch {
    // The schema as it is written says less, but nothing wrong.
  }
  return faultsOf(resolved, values);
}

/** ".a.b[0]" → "a/b/0" */
export const placeOf = (property: string | undefined): string =>
  (property ?? '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean)
    .join('/');

/** The answers without stars that stand for a secret which is no longer known: it has to be given again. */
export function withoutForgotten(
  form: TemplateParameterSchema,
  values: JsonObject,
  secrets: Record<string, string>,
): JsonObject {
  const forgotten = form.steps
    .flatMap(({ schema }) => [...propertiesOf(schema)])
    .filter(([name, property]) => property['ui:field'] === 'Secret' && name in values && !secrets[name])
    .map(([name]) => name);
  if (forgotten.length === 0) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => !forgotten.includes(name)));
}

/** A line of the review: what was asked, what was answered. */
export type Answer = { name: string; title: string; value: JsonValue };

/** The answers in the order of their pages, as the template wants them reviewed. */
export function answersOf(pages: FormPage[], values: JsonObject): { title: string; answers: Answer[] }[] {
  return pages.map(({ title, schema }) => ({
    title,
    answers: [...propertiesOf(schema)].flatMap(([name, property]) => {
      const value = values[name];
      const review = isRecord(property['ui:backstage']) ? property['ui:backstage']['review'] : undefined;
      const said = isRecord(review) ? review : {};
      if (value === undefined || value === '' || said['show'] === false) return [];
      if (property['ui:widget'] === 'hidden') return [];
      const shown = typeof said['name'] === 'string' ? said['name'] : property['title'];
      const mask = said['mask'];
      return [
        {
          name,
          title: typeof shown === 'string' ? shown : name,
          value:
            mask !== undefined ? (typeof mask === 'string' ? mask : '••••••') : isSecret(property) ? '••••••' : value,
        },
      ];
    }),
  }));
}
