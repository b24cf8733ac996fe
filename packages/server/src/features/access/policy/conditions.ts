import type { EntityPredicate } from '../../../core/predicate/index.ts';
import type { Principal } from '../principal.ts';
import { ruleNamed, rules, type RuleName } from './rules.ts';
import type { Condition, PolicyFault } from './types.ts';

const limits = { depth: 8, size: 200, values: 500 };

type Path = readonly (string | number)[];
type Reader = { faults: PolicyFault[]; left: number };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const example = 'Write { rule: HAS_TAG, params: { tag: public } }, or join several under anyOf, allOf or not.';

function readParams(reader: Reader, name: RuleName, given: unknown, path: Path): Condition | undefined {
  const rule = ruleNamed(name)!;
  const known = rule.parameters.map((parameter) => parameter.name);
  const fault = (at: Path, message: string, fix: string) => void reader.faults.push({ path: at, message, fix });
  const words = rule.parameters.map(({ name: key, list }) => `${key}: ${list ? '[…]' : '…'}`).join(', ');
  if (given !== undefined && !isObject(given)) {
    fault(path, `the parameters of ${name} are not keys with values`, `Write params: { ${words} }.`);
    return undefined;
  }
  const params: Record<string, string | readonly string[]> = {};
  for (const key of Object.keys(given ?? {}))
    if (!known.includes(key))
      fault([...path, key], `${name} has no parameter ${key.slice(0, 60)}`, `Its parameters are: ${known.join(', ')}.`);
  for (const { name: key, list, several, optional } of rule.parameters) {
    const value = given?.[key];
    if (value === undefined) {
      if (!optional) fault(path, `the parameter ${key} of ${name} is missing`, `Write params: { ${words} }.`);
      continue;
    }
    const values = Array.isArray(value) ? value : [value];
    const texts = values.map((each) => (typeof each === 'number' || typeof each === 'boolean' ? String(each) : each));
    if (texts.length > limits.values) {
      fault([...path, key], `the parameter ${key} of ${name} has more than ${limits.values} values`, 'Write fewer.');
      continue;
    }
    if (texts.some((each) => typeof each !== 'string' || each.length > 2000)) {
      fault([...path, key], `the parameter ${key} of ${name} is not text`, `Write a text or a list of texts.`);
      continue;
    }
    if (Array.isArray(value) && !list && !several) {
      fault(
        [...path, key],
        `the parameter ${key} of ${name} is one text, not a list`,
        'Join several such rules by anyOf.',
      );
      continue;
    }
    const isList = list || Array.isArray(value);
    params[key] = isList ? (texts as string[]) : (texts[0] as string);
  }
  return { rule: name, params };
}

function readNode(reader: Reader, given: unknown, path: Path, depth: number): Condition | undefined {
  const fault = (message: string, fix = example) => void reader.faults.push({ path, message, fix });
  reader.left -= 1;
  // Said once, however much more there is.
  if (reader.left < -1) return undefined;
  if (reader.left < 0 || depth > limits.depth) {
    fault(`the condition is too long`, `Use at most ${limits.size} parts, ${limits.depth} levels deep.`);
    return undefined;
  }
  // A rule without parameters may stand as a word.
  if (typeof given === 'string' && ruleNamed(given)) return readParams(reader, given as RuleName, undefined, path);
  if (!isObject(given)) {
    fault('this is no condition');
    return undefined;
  }
  const keys = Object.keys(given);
  for (const word of ['anyOf', 'allOf'] as const) {
    if (!(word in given)) continue;
    const parts = given[word];
    if (keys.length > 1 || !Array.isArray(parts) || parts.length === 0) {
      fault(`${word} is not a list of conditions that stands alone`);
      return undefined;
    }
    const read = parts.map((part, index) => readNode(reader, part, [...path, word, index], depth + 1));
    if (read.includes(undefined)) return undefined;
    return word === 'anyOf' ? { anyOf: read as Condition[] } : { allOf: read as Condition[] };
  }
  if ('not' in given) {
    const inner = readNode(reader, given['not'], [...path, 'not'], depth + 1);
    if (keys.length > 1) fault('not stands alone');
    return inner && { not: inner };
  }
  const name = given['rule'];
  if (typeof name !== 'string' || !ruleNamed(name)) {
    fault(
      typeof name === 'string' ? `there is no rule ${name.slice(0, 60)}` : 'this is no condition',
      `The rules are: ${Object.keys(rules).join(', ')}.`,
    );
    return undefined;
  }
  const extra = keys.find((key) => key !== 'rule' && key !== 'params' && key !== 'resourceType');
  if (extra !== undefined) fault(`a rule has no key ${extra.slice(0, 60)}`);
  return readParams(reader, name as RuleName, given['params'], [...path, 'params']);
}

/** Reads a condition as people write it; what is wrong goes to `faults`. */
export function readCondition(given: unknown, path: Path, faults: PolicyFault[]): Condition | undefined {
  return readNode({ faults, left: limits.size }, given, path, 0);
}

/** A condition as it is for somebody, in the form that becomes SQL. */
export function conditionPredicate(condition: Condition, principal: Principal): EntityPredicate {
  if ('anyOf' in condition) return { any: condition.anyOf.map((part) => conditionPredicate(part, principal)) };
  if ('allOf' in condition) return { all: condition.allOf.map((part) => conditionPredicate(part, principal)) };
  if ('not' in condition) return { not: conditionPredicate(condition.not, principal) };
  return ruleNamed(condition.rule)!.predicate(condition.params, principal);
}

/** A condition in words: `HAS_TAG(tag: public) or not IS_ENTITY_KIND(kinds: Api)`. */
export function conditionText(condition: Condition, isInside = false): string {
  const joined = (parts: readonly Condition[], word: string) => {
    const text = parts.map((part) => conditionText(part, true)).join(` ${word} `);
    return isInside && parts.length > 1 ? `(${text})` : text;
  };
  if ('anyOf' in condition) return joined(condition.anyOf, 'or');
  if ('allOf' in condition) return joined(condition.allOf, 'and');
  if ('not' in condition) return `not ${conditionText(condition.not, true)}`;
  const params = Object.entries(condition.params).map(([key, value]) => `${key}: ${[value].flat().join(', ')}`);
  return params.length > 0 ? `${condition.rule}(${params.join('; ')})` : condition.rule;
}
