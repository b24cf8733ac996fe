import type { JsonObject } from '@callboard/model';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Taken = { schema: unknown; ui: UiSchema };

const mapOf = new Set(['properties', 'definitions', '$defs']);
const branchOf = new Set(['then', 'else', 'if', 'not']);
const listOf = new Set(['anyOf', 'oneOf', 'allOf']);

const merge = (into: UiSchema, from: UiSchema): UiSchema => {
  for (const [key, value] of Object.entries(from))
    into[key] = isRecord(value) && isRecord(into[key]) ? merge({ ...into[key] }, value) : value;
  return into;
};

/** What an option of a choice says about itself may not change its sibling fields. */
const withoutOwn = (ui: UiSchema): UiSchema =>
  Object.fromEntries(Object.entries(ui).filter(([key]) => !key.startsWith('ui:')));

function take(schema: unknown): Taken {
  if (!isRecord(schema)) return { schema, ui: {} };
  const kept: Record<string, unknown> = {};
  const ui: UiSchema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith('ui:')) ui[key] = value;
    else if (key.startsWith('backstage:')) continue;
    else if (key === 'enumNames' && Array.isArray(value)) ui['ui:enumNames'] ??= value;
    // An old way of writing it, which JSON Schema does not know.
    else if (key === 'required' && typeof value === 'boolean') continue;
    else if (mapOf.has(key) && isRecord(value)) {
      const entries = Object.entries(value).map(([name, inner]) => {
        const taken = take(inner);
        if (key === 'properties' && Object.keys(taken.ui).length > 0)
          ui[name] = merge({ ...(ui[name] as UiSchema | undefined) }, taken.ui);
        return [name, taken.schema];
      });
      kept[key] = Object.fromEntries(entries);
    } else if (key === 'items' && isRecord(value)) {
      const taken = take(value);
      // How the items of a list of choices are shown is said at the items by many.
      const shown = taken.ui['ui:enumNames'];
      if (shown && !ui['ui:enumNames']) ui['ui:enumNames'] = shown;
      if (Object.keys(taken.ui).length > 0) ui['items'] = taken.ui;
      kept[key] = taken.schema;
    } else if (key === 'items' && Array.isArray(value)) {
      const taken = value.map(take);
      ui['items'] = taken.map((each) => each.ui) as never;
      kept[key] = taken.map((each) => each.schema);
    } else if (listOf.has(key) && Array.isArray(value)) {
      kept[key] = value.map((inner) => {
        const taken = take(inner);
        merge(ui, key === 'allOf' ? taken.ui : withoutOwn(taken.ui));
        return taken.schema;
      });
    } else if (branchOf.has(key) && isRecord(value)) {
      const taken = take(value);
      if (key !== 'if' && key !== 'not') merge(ui, withoutOwn(taken.ui));
      kept[key] = taken.schema;
    } else if (key === 'dependencies' && isRecord(value)) {
      kept[key] = Object.fromEntries(
        Object.entries(value).map(([name, inner]) => {
          const taken = take(inner);
          merge(ui, withoutOwn(taken.ui));
          return [name, taken.schema];
        }),
      );
    } else kept[key] = value;
  }
  return { schema: kept, ui };
}

/** Field extensions that the portal has; others become plain inputs with a note. */
export type KnownFields = ReadonlySet<string>;

const wellKnown = new Set(['StringField', 'NumberField', 'BooleanField', 'ArrayField', 'ObjectField', 'NullField']);

/** Whether the choices of a field come from elsewhere. */
const isFed = (ui: UiSchema): boolean => {
  const options = ui['ui:options'] as Record<string, unknown> | undefined;
  return isRecord(options?.['from']);
};

/** Takes out the fields that nothing here brings, and says so at their place. */
function withKnownFields(ui: UiSchema, known: KnownFields): UiSchema {
  const kept: UiSchema = isFed(ui) && ui['ui:field'] === undefined ? { 'ui:field': 'OptionsField' } : {};
  for (const [key, value] of Object.entries(ui)) {
    if (key === 'ui:field' && typeof value === 'string' && !known.has(value) && !wellKnown.has(value))
      kept['ui:unknownField'] = value;
    else if (key === 'items' && Array.isArray(value))
      kept[key] = value.map((item) => withKnownFields(item as UiSchema, known)) as never;
    else if (!key.startsWith('ui:') && isRecord(value)) kept[key] = withKnownFields(value, known);
    else kept[key] = value;
  }
  return kept;
}

/**
 * One page of a form as the form builder takes it. Templates write `ui:` keys into the schema itself, also below conditions and choices.
 *
 * @param page - the page's schema as the template says it
 */
export function pageOf(page: JsonObject, known: KnownFields): { schema: RJSFSchema; uiSchema: UiSchema } {
  const { schema, ui } = take(page);
  const { title: _title, description: _description, ...rest } = schema as Record<string, unknown>;
  return {
    schema: { type: 'object', ...rest },
    uiSchema: { ...withKnownFields(ui, known), 'ui:submitButtonOptions': { norender: true } },
  };
}
