import type { ErrorObject } from 'ajv';

/** One thing wrong with a request. */
export type Fault = { path: string; message: string; expected: string; found: string };

const quote = (value: unknown) => JSON.stringify(value) ?? String(value);
const list = (values: unknown[]) => values.map(quote).join(', ');
const article = (word: string) => (/^[aeio]/.test(word) ? `an ${word}` : `a ${word}`);

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = quote(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const comparisons: Record<string, string> = {
  minimum: 'at least',
  maximum: 'at most',
  exclusiveMinimum: 'more than',
  exclusiveMaximum: 'less than',
};

function expectation({ keyword, params, schema }: ErrorObject): string {
  if (keyword in comparisons) return `a number of ${comparisons[keyword]} ${params.limit}`;
  switch (keyword) {
    case 'type':
      return [params.type].flat().map(article).join(' or ');
    case 'enum':
      return `one of ${list(params.allowedValues)}`;
    case 'const':
      return quote(params.allowedValue);
    case 'minLength':
      return `at least ${params.limit} character${params.limit === 1 ? '' : 's'}`;
    case 'maxLength':
      return `at most ${params.limit} characters`;
    case 'minItems':
      return `at least ${params.limit} item${params.limit === 1 ? '' : 's'}`;
    case 'maxItems':
      return `at most ${params.limit} items`;
    case 'uniqueItems':
      return 'items that differ';
    case 'pattern':
      return `text that matches ${params.pattern}`;
    case 'anyOf':
    case 'oneOf':
      return alternatives(schema);
    default:
      return `what the schema says (${keyword})`;
  }
}

/** What a union takes, from its branches; a union of constants reads as a list of values. */
function alternatives(branches: unknown): string {
  const words = (branches as { const?: unknown; type?: string }[]).map((branch) =>
    'const' in branch ? quote(branch.const) : branch.type ? article(branch.type) : 'another form',
  );
  return [...new Set(words)].join(' or ') || 'another form';
}

const isBranch = (error: ErrorObject, errors: ErrorObject[]) =>
  errors.some(
    (union) =>
      (union.keyword === 'anyOf' || union.keyword === 'oneOf') &&
      union !== error &&
      error.schemaPath.startsWith(`${union.schemaPath}/`),
  );

function describe(error: ErrorObject, label: string): Fault {
  const decoded = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const isTop = label !== 'Body';
  const named = (steps: string[]) => {
    if (steps.length === 0) return label === 'Body' ? 'The request body' : 'The request';
    return isTop ? `${label} '${steps.join('.')}'` : `Body field '${steps.join('.')}'`;
  };
  const pointer = (steps: string[]) =>
    steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  if (error.keyword === 'required') {
    const steps = [...decoded, String(error.params.missingProperty)];
    return { path: pointer(steps), message: `${named(steps)} is missing`, expected: 'a value', found: 'nothing' };
  }
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const steps = [...decoded, String(error.params.additionalProperty ?? error.params.unevaluatedProperty)];
    const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
    const expected = known.length ? `one of ${known.join(', ')}` : 'none';
    return {
      path: pointer(steps),
      message: `${named(steps)} is not known; expected ${expected}`,
      expected,
      found: steps.at(-1)!,
    };
  }
  const expected = expectation(error);
  const value = decoded.length === 0 && error.data === null ? 'nothing' : found(error.data);
  return {
    path: pointer(decoded),
    message: `${named(decoded)} must be ${expected}, found ${value}`,
    expected,
    found: value,
  };
}

/**
 * Says in words what ajv found, one fault per wrong value: the branches of a union are told as one.
 *
 * @param errors - from ajv in verbose mode
 * @param label - what a top-level field is called, such as `Query parameter`
 */
export function describeFaults(errors: ErrorObject[], label: string): Fault[] {
  return errors.filter((error) => !isBranch(error, errors)).map((error) => describe(error, label));
}
