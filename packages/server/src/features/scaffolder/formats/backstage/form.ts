import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Renderers } from '../../language/renderers.ts';
import type { TemplateDefinition } from '../../types.ts';
import { words } from '../../words.ts';

/** One page of the form: `schema` as written, with its `ui:` keys; `isShown` is false while its condition does not hold. */
export type FormStep = { title: string; description?: string; schema: JsonObject; isShown: boolean };

export type Form = {
  title: string;
  description?: string;
  uiOptions?: JsonObject;
  presentation?: JsonObject;
  steps: FormStep[];
  /** JSON Schema of the secrets that are asked for */
  secrets?: JsonObject;
  formDecorators: JsonObject[];
};

const flag = 'backstage:featureFlag';
const containers = ['properties', 'dependencies', 'definitions', '$defs', 'patternProperties'];
const branches = ['items', 'then', 'else', 'additionalProperties'];
const lists = ['anyOf', 'oneOf', 'allOf', 'items'];

type IsOn = (flag: string) => boolean;

/** Takes out what belongs to feature flags that are off. */
function withoutFlags(schema: JsonObject, isOn: IsOn): JsonObject {
  const hidden = (value: JsonValue | undefined) =>
    isJsonObject(value) && typeof value[flag] === 'string' && !isOn(value[flag]);
  const walk = (value: JsonValue): JsonValue => {
    if (!isJsonObject(value)) return value;
    const kept: JsonObject = { ...value };
    for (const key of containers) {
      const inner = value[key];
      if (isJsonObject(inner))
        kept[key] = Object.fromEntries(
          Object.entries(inner)
            .filter(([, item]) => !hidden(item))
            .map(([name, item]) => [name, walk(item)]),
        );
    }
    for (const key of branches) if (isJsonObject(value[key])) kept[key] = walk(value[key]);
    for (const key of lists) if (Array.isArray(value[key])) kept[key] = value[key].map(walk);
    return kept;
  };
  return walk(schema) as JsonObject;
}

const hasExpression = (value: JsonValue | undefined): boolean => typeof value === 'string' && value.includes('${{');
const computed = ['default', 'enum', 'const', 'minimum', 'maximum', 'ui:disabled', 'ui:help', 'ui:placeholder'];

/** Computes what a page takes from earlier answers: defaults, choices, and whether a field is shown (`ui:if`). */
async function compute(
  schema: JsonObject,
  renderers: Renderers,
  context: Record<string, JsonValue>,
): Promise<JsonObject> {
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const asked: Record<string, JsonObject> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    for (const key of [...computed, 'ui:if'])
      if (hasExpression(property[key])) (asked[name] ??= {})[key] = property[key] as JsonValue;
  }
  if (Object.keys(asked).length === 0) return schema;
  const { value } = await renderers.value(asked, context);
  const answers = value as Record<string, JsonObject>;
  const kept: JsonObject = {};
  const gone = new Set<string>();
  for (const [name, property] of Object.entries(properties)) {
    const answer = answers[name];
    if (!answer || !isJsonObject(property)) {
      kept[name] = property;
      continue;
    }
    const { 'ui:if': condition = true, ...rest } = answer;
    if (asked[name]?.['ui:if'] !== undefined && !isTrue(answer['ui:if'] === undefined ? undefined : condition)) {
      gone.add(name);
      continue;
    }
    const { 'ui:if': _written, ...plain } = property;
    const cleared = Object.fromEntries(Object.entries(plain).filter(([key]) => asked[name]?.[key] === undefined));
    kept[name] = { ...cleared, ...rest };
  }
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => !gone.has(words(name)))
    : undefined;
  return { ...schema, properties: kept, ...(required ? { required } : {}) };
}

/** Whether a condition holds: a list when it has items, everything else as in JavaScript. */
export const isTrue = (value: JsonValue | undefined): boolean =>
  Array.isArray(value) ? value.length > 0 : Boolean(value);

/** Answers with what a page answers by itself where nobody has. */
const withDefaults = (answers: JsonObject, { properties }: JsonObject): JsonObject => {
  const defaults = Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([name, property]) =>
    isJsonObject(property) && property.default !== undefined && !hasExpression(property.default)
      ? [[name, property.default] as const]
      : [],
  );
  return { ...Object.fromEntries(defaults), ...answers };
};

/**
 * What the wizard needs of a template. A page with `if` and a property with `ui:if` are shown while their expression holds; `default`,
 * `enum` and a few others may be expressions. All see the answers so far as `parameters`, and the person as `user`; a default counts as an
 * answer until there is another one.
 *
 * @param options.answers - what was filled in so far
 * @param options.isAnswered - whether that is all: no default stands in
 * @param options.flags - the feature flags that are on
 */
export async function formOf(
  template: TemplateDefinition,
  renderers: Renderers,
  options: { answers?: JsonObject; isAnswered?: boolean; user?: JsonValue; flags?: string[] | 'all' } = {},
): Promise<Form> {
  const { flags = [], isAnswered = false } = options;
  const isOn: IsOn = (name) => flags === 'all' || flags.includes(name);
  let answers = options.answers ?? {};
  const context = () => ({ parameters: answers, user: options.user ?? {} });
  const steps: FormStep[] = [];
  for (const page of template.parameters) {
    if (typeof page[flag] === 'string' && !isOn(page[flag])) continue;
    // An `if` that is an object belongs to the JSON Schema; a text is the condition of the page.
    const { if: condition, ...rest } = page;
    const isCondition = typeof condition === 'string' || typeof condition === 'boolean';
    const isShown = isTrue(isCondition ? (await renderers.value(condition, context())).value : true);
    const plain = withoutFlags(isCondition ? rest : page, isOn);
    if (isShown && !isAnswered) answers = withDefaults(answers, plain);
    const schema = await compute(plain, renderers, context());
    if (isShown && !isAnswered) answers = withDefaults(answers, schema);
    steps.push({
      title: typeof page.title === 'string' ? page.title : 'Please enter the following information',
      ...(typeof page.description === 'string' ? { description: page.description } : {}),
      schema,
      isShown,
    });
  }
  return {
    title: template.title,
    description: template.description,
    uiOptions: template.uiOptions,
    presentation: template.presentation,
    steps,
    secrets: template.secretsSchema,
    formDecorators: template.formDecorators,
  };
}
