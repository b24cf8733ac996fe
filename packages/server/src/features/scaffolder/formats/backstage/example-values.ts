import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Renderers } from '../../language/renderers.ts';
import type { TemplateDefinition } from '../../types.ts';
import { formOf } from './form.ts';
import { matchingText } from './matching-text.ts';
import { checkValues } from '../../run/check-values.ts';
import { words } from '../../words.ts';

const deepest = 8;

const optionsOf = (schema: JsonObject) => (isJsonObject(schema['ui:options']) ? schema['ui:options'] : {});

const firstText = (value: JsonValue | undefined): string | undefined =>
  [value ?? []].flat().find((item): item is string => typeof item === 'string');

/** What a person would choose in a picker. */
function picked(schema: JsonObject): JsonValue | undefined {
  const options = optionsOf(schema);
  const filter = [options.catalogFilter ?? []].flat().find((each): each is JsonObject => isJsonObject(each));
  const kind = (
    firstText(filter?.kind) ??
    firstText(options.allowedKinds) ??
    firstText(options.defaultKind)
  )?.toLowerCase();
  switch (schema['ui:field']) {
    case 'RepoUrlPicker': {
      const host = firstText(options.allowedHosts) ?? 'github.com';
      const owner = firstText(options.allowedOwners) ?? firstText(options.allowedOrganizations) ?? 'owner';
      const repo = firstText(options.allowedRepos) ?? 'repo';
      const project = firstText(options.allowedProjects) ?? 'project';
      if (host === 'dev.azure.com')
        return `${host}?organization=${owner}&owner=${owner}&project=${project}&repo=${repo}`;
      if (host === 'bitbucket.org') return `${host}?workspace=${owner}&project=${project}&repo=${repo}`;
      return `${host}?owner=${owner}&repo=${repo}`;
    }
    case 'OwnerPicker':
    case 'MyGroupsPicker':
      return 'group:default/team';
    case 'EntityPicker':
    case 'OwnedEntityPicker':
      return `${kind ?? 'component'}:default/example`;
    case 'MultiEntityPicker':
      return [`${kind ?? 'component'}:default/example`];
    case 'EntityNamePicker':
      return undefined;
    case 'EntityTagsPicker':
      return ['example'];
    default:
      return undefined;
  }
}

function textFor(schema: JsonObject): string {
  const {
    minLength = 0,
    maxLength = Infinity,
    pattern,
    format,
  } = schema as { minLength?: number; maxLength?: number; pattern?: string; format?: string };
  const byFormat: Record<string, string> = {
    date: '2026-01-31',
    'date-time': '2026-01-31T12:00:00Z',
    time: '12:00:00Z',
    email: 'someone@example.com',
    uri: 'https://example.com',
    hostname: 'example.com',
    ipv4: '192.0.2.1',
    uuid: '00000000-0000-4000-8000-000000000000',
  };
  const wanted = byFormat[format ?? ''] ?? 'example';
  if (pattern !== undefined) return matchingText(pattern, { wanted, minLength, maxLength });
  return (wanted.length >= minLength ? wanted : wanted.padEnd(minLength, 'x')).slice(0, maxLength);
}

function numberFor(schema: JsonObject): number {
  const { minimum, exclusiveMinimum, maximum, multipleOf = 1 } = schema as Record<string, number | undefined>;
  const from =
    minimum ?? (typeof exclusiveMinimum === 'number' ? exclusiveMinimum + multipleOf : Math.min(1, maximum ?? 1));
  return Math.ceil(from / multipleOf) * multipleOf;
}

const typeOf = (schema: JsonObject): string => {
  if (typeof schema.type === 'string') return schema.type;
  if (Array.isArray(schema.type)) return words(schema.type.find((type) => type !== 'null') ?? 'null');
  return isJsonObject(schema.properties) ? 'object' : schema.items ? 'array' : 'string';
};

/** A value that fits a schema: what it says itself first, then the first choice, then something plain. */
function valueFor(schema: JsonValue | undefined, all: boolean, depth: number): JsonValue | undefined {
  if (!isJsonObject(schema) || depth > deepest) return schema === true ? 'example' : undefined;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  const choices = Array.isArray(schema.enum) ? schema.enum.filter((choice) => choice !== null) : [];
  if (choices.length > 0) return choices[0];
  const chosen = picked(schema);
  if (chosen !== undefined) return typeOf(schema) === 'array' && !Array.isArray(chosen) ? [chosen] : chosen;
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0];
  const [alternative] = [schema.oneOf ?? schema.anyOf ?? []].flat();
  if (schema.type === undefined && isJsonObject(alternative) && !schema.properties)
    return valueFor(alternative, all, depth + 1);
  switch (typeOf(schema)) {
    case 'object':
      return objectFor(schema, all, depth + 1);
    case 'array': {
      const count = Math.max(Number(schema.minItems ?? 0), all ? 1 : 0);
      const [items] = [schema.items ?? { type: 'string' }].flat();
      const choicesOf = isJsonObject(items) && Array.isArray(items.enum) ? items.enum : undefined;
      return Array.from({ length: count }, (_, index) => choicesOf?.[index] ?? valueFor(items, all, depth + 1) ?? null);
    }
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return numberFor(schema);
    case 'null':
      return undefined;
    default:
      return textFor(schema);
  }
}

const requiredOf = (schema: JsonObject) => (Array.isArray(schema.required) ? schema.required.map(String) : []);

/** Whether the plain conditions of a branch (const, enum) hold for what was chosen so far. */
function fits(condition: JsonValue | undefined, values: JsonObject): condition is JsonObject {
  if (!isJsonObject(condition)) return false;
  const properties = Object.entries(isJsonObject(condition.properties) ? condition.properties : {});
  const holds = properties.every(([name, rule]) => {
    if (!isJsonObject(rule)) return true;
    if (rule.const !== undefined) return values[name] === rule.const;
    if (Array.isArray(rule.enum) && values[name] !== undefined) return rule.enum.includes(values[name]);
    return true;
  });
  return holds;
}

/** Adds what follows from the choices: dependencies, if/then/else, allOf, oneOf. */
function addBranches(schema: JsonObject, values: JsonObject, all: boolean, depth: number): void {
  const add = (branch: JsonValue | undefined) => {
    if (isJsonObject(branch)) fill(branch, values, all, depth + 1);
  };
  for (const [name, dependency] of Object.entries(isJsonObject(schema.dependencies) ? schema.dependencies : {})) {
    if (values[name] === undefined || !isJsonObject(dependency)) continue;
    const branches = [dependency.oneOf ?? dependency.anyOf ?? []].flat();
    add(branches.find((branch) => fits(branch, values)) ?? (branches.length === 0 ? dependency : undefined));
  }
  if (isJsonObject(schema.if))
    add(
      fits(schema.if, values) && requiredOf(schema.if).every((name) => values[name] !== undefined)
        ? schema.then
        : schema.else,
    );
  for (const part of [schema.allOf ?? []].flat()) add(part);
  const choices = [schema.oneOf ?? schema.anyOf ?? []].flat().filter((choice) => isJsonObject(choice));
  if (choices.length > 0) add(choices.find((choice) => fits(choice, values)) ?? choices[0]);
}

function fill(schema: JsonObject, values: JsonObject, all: boolean, depth: number): void {
  if (depth > deepest) return;
  const required = requiredOf(schema);
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  for (const [name, property] of Object.entries(properties)) {
    if (values[name] !== undefined) continue;
    const isAsked = all || required.includes(name) || (isJsonObject(property) && property.default !== undefined);
    const value = isAsked ? valueFor(property, all, depth) : undefined;
    if (value !== undefined) values[name] = value;
  }
  for (const name of required)
    if (values[name] === undefined && properties[name] === undefined) values[name] = 'example';
  addBranches(schema, values, all, depth);
}

function objectFor(schema: JsonObject, all: boolean, depth: number): JsonObject {
  const values: JsonObject = {};
  fill(schema, values, all, depth);
  return values;
}

/**
 * Values that fit the form of a template, the same each time: defaults, first choices, examples, plain texts that satisfy patterns.
 *
 * @param all - whether fields that may stay empty are filled in, too
 * @returns the values, and what of them does not fit after all
 */
export async function exampleValues(
  template: TemplateDefinition,
  renderers: Renderers,
  all = false,
): Promise<{ values: JsonObject; faults: string[] }> {
  const values: JsonObject = {};
  for (const index of template.parameters.keys()) {
    // What a page asks depends on the pages before it.
    const { steps } = await formOf(template, renderers, { answers: values, isAnswered: true, flags: 'all' });
    if (steps[index]?.isShown) fill(steps[index].schema, values, all, 0);
  }
  const faults = await checkValues(template, values, renderers);
  return {
    values,
    faults: faults.filter(({ schema }) => schema >= 0).map(({ path, message }) => `${path || '/'} ${message}`),
  };
}
