import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Problem,
  showValue,
  stringifyEntityRef,
} from '@callboard/model';
import type { ParsedTemplate, TemplateDefinition, TemplateStep } from '../../types.ts';
import { minutesOf } from './duration.ts';
import { words } from '../../words.ts';

export const templateVersion = 'scaffolder.backstage.io/v1beta3';

/** Finds the line of a JSON pointer into the template. */
export type Locate = (pointer: string) => { line: number; column: number } | undefined;

export type ParseOptions = {
  location?: string;
  locate?: Locate;
  /** whether an action is registered, and what to do if not */
  adviceFor?: (action: string) => string | undefined;
};

const stepKeys = ['id', 'name', 'action', 'input', 'if', 'each', 'backstage:permissions'];
const specKeys = [
  'type',
  'owner',
  'lifecycle',
  'parameters',
  'secrets',
  'presentation',
  'steps',
  'output',
  'formDecorators',
  'EXPERIMENTAL_formDecorators',
  'EXPERIMENTAL_recovery',
];

type Report = (severity: Problem['severity'], path: string, message: string, fix: string, found?: unknown) => void;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const asText = (value: JsonValue | undefined) => (typeof value === 'string' ? value : undefined);
const asObject = (value: JsonValue | undefined) => (isJsonObject(value) ? value : undefined);

/** What a list of known words is most likely meant to say. */
function meant(word: string, known: string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const close = known.find(
    (each) => plain(each) === plain(word) || plain(each) === `${plain(word)}s` || `${plain(each)}s` === plain(word),
  );
  return close ? `Did you mean ${close}?` : `Known are ${known.join(', ')}.`;
}

const tagsOf = (value: JsonValue | undefined): string[] => {
  const tags = asObject(value)?.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
};

function parseStep(
  value: JsonValue,
  index: number,
  report: Report,
  advise: ParseOptions['adviceFor'],
): TemplateStep | undefined {
  const path = `/spec/steps/${index}`;
  if (!isJsonObject(value)) {
    report('error', path, 'A step is not an object', 'Give it at least an `action`.', value);
    return undefined;
  }
  const { id, name, action, input, each } = value;
  for (const key of Object.keys(value))
    if (!stepKeys.includes(key))
      report(
        'warning',
        `${path}/${key}`,
        `A step has no '${key}'`,
        `${meant(key, stepKeys)} What an action needs stands under \`input\`.`,
      );
  if (!isText(action)) {
    report(
      'error',
      `${path}/action`,
      'A step has no action',
      'Name the action, for example `action: fetch:template`.',
      action,
    );
    return undefined;
  }
  if (id !== undefined && !isText(id))
    report('error', `${path}/id`, 'The id of a step is not a text', 'Use letters, digits, - and _.', id);
  if (input !== undefined && input !== null && !isJsonObject(input))
    report('error', `${path}/input`, 'The input of a step is not an object', 'Write one key per input.', input);
  const condition = value.if;
  if (condition !== undefined && condition !== null && typeof condition !== 'string' && typeof condition !== 'boolean')
    report('error', `${path}/if`, '`if` is neither an expression nor true or false', 'Write ${{ … }}.', condition);
  else if (typeof condition === 'string' && !condition.includes('${{') && condition !== '')
    report(
      'warning',
      `${path}/if`,
      `\`if: ${condition}\` is a text and therefore always true`,
      'Write it as ${{ … }}.',
    );
  else if (typeof condition === 'string' && !/^\$\{\{[\s\S]*\}\}$/.test(condition))
    report(
      'warning',
      `${path}/if`,
      '`if` has text around its expression and is therefore true unless all of it is empty',
      'Let it be one ${{ … }} and nothing else.',
    );
  const advice = advise?.(action);
  if (advice) report('warning', `${path}/action`, `The action ${action} is not registered`, advice);
  const known = isText(id) ? id : typeof id === 'number' ? String(id) : `step-${index + 1}`;
  return {
    id: known,
    name: asText(name) ?? action,
    action,
    ...(isJsonObject(input) ? { input } : {}),
    ...(typeof condition === 'string' || typeof condition === 'boolean' ? { if: condition } : {}),
    ...(each === undefined ? {} : { each }),
    permissionTags: tagsOf(value['backstage:permissions']),
  };
}

const parametersOf = (value: JsonValue | undefined, report: Report): JsonObject[] =>
  (value === undefined || value === null ? [] : [value].flat()).flatMap((page, index) => {
    if (isJsonObject(page)) return [page];
    report(
      'error',
      `/spec/parameters/${index}`,
      'A page of the form is not an object',
      'Write a JSON Schema with `properties`.',
      page,
    );
    return [];
  });

/** Every name that an expression takes from `steps` or `parameters`. */
function* mentioned(
  value: JsonValue | undefined,
  path: string,
): Generator<{ root: string; name: string; path: string }> {
  if (typeof value === 'string') {
    for (const [, inside = ''] of value.matchAll(/\$\{\{([\s\S]*?)\}\}/g))
      for (const [, root = '', dotted, quoted] of inside.matchAll(
        /(?<![\w.'"])(steps|parameters)(?:\.(\w+)|\[\s*['"]([^'"]+)['"]\s*\])/g,
      ))
        yield { root, name: dotted ?? quoted ?? '', path };
  } else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* mentioned(item, `${path}/${index}`);
  else if (isJsonObject(value))
    for (const [key, item] of Object.entries(value)) yield* mentioned(item, `${path}/${key}`);
}

function checkMentions(
  steps: JsonValue[],
  known: (TemplateStep | undefined)[],
  output: JsonObject,
  report: Report,
): void {
  const ids = known.map((step) => step?.id);
  for (const [index, step] of [...steps, output].entries()) {
    const isOutput = index === steps.length;
    for (const { root, name, path } of mentioned(step, isOutput ? '/spec/output' : `/spec/steps/${index}`)) {
      if (root !== 'steps') continue;
      const at = ids.indexOf(name);
      if (at < 0)
        report('warning', path, `There is no step '${name}'`, 'Its output renders to nothing: correct the id.');
      else if (!isOutput && at >= index)
        report('warning', path, `The step '${name}' runs later`, 'Its output renders to nothing: change the order.');
    }
  }
}

/** What stands beside `spec` by an error of indentation, as if it stood in it. */
function withMisplaced(entity: JsonObject, spec: JsonObject, report: Report): JsonObject {
  const misplaced = ['steps', 'parameters', 'output'].filter((key) => key in entity && !(key in spec));
  for (const key of misplaced)
    report('error', `/${key}`, `\`${key}\` stands beside \`spec\``, 'Indent it, so that it stands in `spec`.');
  return { ...spec, ...Object.fromEntries(misplaced.map((key) => [key, entity[key] as JsonValue])) };
}

/**
 * Understands a template entity, and says everything that is wrong with it at once. Only one without errors may run; with an error in a
 * step the rest is there to be looked at.
 *
 * @param entity - as the catalog has it, or as a file says it after its placeholders were put in
 */
export function parseTemplate(entity: JsonObject, options: ParseOptions = {}): ParsedTemplate {
  const problems: Problem[] = [];
  const report: Report = (severity, path, message, fix, found) => {
    problems.push({
      code: severity === 'error' ? 'SCAFFOLDER_TEMPLATE_INVALID' : 'SCAFFOLDER_TEMPLATE_DOUBTFUL',
      severity,
      message: `${message}.`,
      fix,
      path,
      ...(options.location ? { location: options.location } : {}),
      ...options.locate?.(path),
      ...(found === undefined ? {} : { found: showValue(found) }),
    });
  };
  const metadata = asObject(entity.metadata) ?? {};
  const written = asObject(entity.spec);
  if (entity.apiVersion !== templateVersion)
    report(
      'error',
      '/apiVersion',
      `Only templates of ${templateVersion} can run`,
      'Bring the template to that version.',
      entity.apiVersion,
    );
  if (entity.kind !== 'Template')
    report('error', '/kind', 'This is not a template', 'Write `kind: Template`.', entity.kind);
  if (!isText(metadata.name))
    report(
      'error',
      '/metadata/name',
      'The template has no name',
      'Give it one of letters, digits, - and _.',
      metadata.name,
    );
  if (!written) {
    report('error', '/spec', 'The template has no spec', 'Write `spec:` with `type` and `steps`.', entity.spec);
    return { problems };
  }
  const spec = withMisplaced(entity, written, report);
  for (const key of Object.keys(spec))
    if (!specKeys.includes(key)) report('warning', `/spec/${key}`, `A template has no '${key}'`, meant(key, specKeys));
  if (!isText(spec.type))
    report('error', '/spec/type', 'The template has no type', 'Write for example `type: service`.', spec.type);
  if (!Array.isArray(spec.steps))
    report(
      'error',
      '/spec/steps',
      'The template has no list of steps',
      'Write `steps:` with a list of steps.',
      spec.steps,
    );
  const listed = Array.isArray(spec.steps) ? spec.steps : [];
  const steps = listed.map((step, index) => parseStep(step, index, report, options.adviceFor));
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (step && seen.has(step.id))
      report('error', `/spec/steps/${index}/id`, `Two steps have the id '${step.id}'`, 'Give each its own.');
    if (step) seen.add(step.id);
  }
  const output = asObject(spec.output) ?? {};
  for (const list of ['links', 'text'])
    if (output[list] !== undefined && !Array.isArray(output[list]))
      report(
        'error',
        `/spec/output/${list}`,
        `\`${list}\` is not a list`,
        'Begin each item with a dash.',
        output[list],
      );
  checkMentions(listed, steps, output, report);
  const parameters = parametersOf(spec.parameters, report);
  const saved = asText(asObject(metadata.annotations)?.['backstage.io/time-saved']);
  const minutesSaved = saved === undefined ? undefined : minutesOf(saved);
  if (saved !== undefined && minutesSaved === undefined)
    report(
      'warning',
      '/metadata/annotations/backstage.io~1time-saved',
      `'${saved}' is not a duration`,
      'Write for example PT2H or P1D.',
    );
  // What is wrong with a step is told; the others can be looked at all the same.
  const isLost = problems.some(
    ({ severity, path = '' }) =>
      severity === 'error' &&
      !/^\/spec\/(steps|parameters|output)\/|^\/spec\/type$|^\/(steps|parameters|output)$/.test(path),
  );
  if (isLost) return { problems };
  const decorators = spec.formDecorators ?? spec.EXPERIMENTAL_formDecorators;
  const name = words(metadata.name);
  const template: TemplateDefinition = {
    ref: stringifyEntityRef({ kind: 'template', namespace: asText(metadata.namespace), name }),
    name,
    title: asText(metadata.title) ?? name,
    description: asText(metadata.description),
    tags: Array.isArray(metadata.tags) ? metadata.tags.filter(isText) : [],
    type: words(spec.type),
    owner: asText(spec.owner),
    lifecycle: asText(spec.lifecycle),
    parameters,
    secretsSchema: asObject(asObject(spec.secrets)?.schema),
    presentation: asObject(spec.presentation),
    formDecorators: Array.isArray(decorators) ? decorators.filter((each) => isJsonObject(each)) : [],
    uiOptions: asObject(metadata['ui:options']),
    steps: steps.filter((step) => step !== undefined),
    output,
    recovery: asText(asObject(spec.EXPERIMENTAL_recovery)?.EXPERIMENTAL_strategy),
    minutesSaved,
    metadata,
  };
  return { template, problems };
}
