import { isJsonObject, termKey, termValue, toPointer } from '@callboard/model';
import type { JsonObject, JsonValue } from '@callboard/model';
import { queryErrors } from './errors.ts';
import { limits } from './limits.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { simplify } from '../../../core/predicate/index.ts';

type Path = readonly (string | number)[];
type Budget = { conditions: number; values: number; depth: number };

const operators = ['$exists', '$in', '$hasPrefix', '$contains'] as const;
const combinators = ['$all', '$any', '$not'] as const;

const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const pointer = (path: Path) => toPointer(path.map(String)) || 'the root';
const invalid = (path: Path, reason: string, hint = '') =>
  queryErrors.predicateInvalid({ path: pointer(path), reason, hint });

const isPrimitive = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function spend(budget: Budget): void {
  budget.conditions -= 1;
  if (budget.conditions < 0)
    throw queryErrors.predicateTooLarge({ reason: `more than ${limits.conditions} conditions and combinators` });
}

function primitives(value: JsonValue | undefined, path: Path, budget: Budget): string[] {
  if (!Array.isArray(value)) throw invalid(path, `expected an array of values, found ${show(value)}`);
  budget.values -= value.length;
  if (budget.values < 0) throw queryErrors.predicateTooLarge({ reason: `more than ${limits.values} values in lists` });
  return value.map((each, index) => {
    if (!isPrimitive(each)) throw invalid([...path, index], `expected a text, number or boolean, found ${show(each)}`);
    return termValue(each);
  });
}

/** `{relations: {$contains: {type, targetRef}}}` is the same as the key `relations.<type>`. */
function containsRelation(target: JsonObject, path: Path, budget: Budget): EntityPredicate {
  let type: string | undefined;
  let refs: string[] | undefined;
  for (const [name, value] of Object.entries(target)) {
    const where = [...path, name];
    const word = name.toLowerCase();
    if (word === 'type' && type === undefined) {
      if (typeof value !== 'string' || value === '')
        throw invalid(where, `expected the type of a relation, found ${show(value)}`);
      type = value;
    } else if (word === 'targetref' && refs === undefined) {
      if (typeof value === 'string') refs = [termValue(value)];
      else if (isJsonObject(value) && Object.keys(value).length === 1 && '$in' in value) {
        refs = primitives(value['$in'], [...where, '$in'], budget);
        if (refs.length === 0) throw invalid([...where, '$in'], 'an empty list matches no relation');
      } else throw invalid(where, `expected an entity ref or {"$in": […]}, found ${show(value)}`);
    } else
      throw invalid(
        where,
        word === 'type' || word === 'targetref' ? 'named twice' : 'only type and targetRef can be asked for',
      );
  }
  if (type === undefined) throw invalid(path, 'the type of the relation is missing', 'Add "type", such as "ownedBy".');
  const key = termKey(`relations.${type}`);
  return refs ? { key, in: refs } : { key, exists: true };
}

function parseOperator(key: string, value: JsonObject, path: Path, budget: Budget): EntityPredicate {
  const names = Object.keys(value);
  const name = names[0];
  if (names.length !== 1 || name === undefined)
    throw invalid(path, `expected exactly one of ${operators.join(', ')}, found ${show(names)}`);
  const operand = value[name];
  const where = [...path, name];
  switch (name) {
    case '$exists':
      if (typeof operand !== 'boolean') throw invalid(where, `expected true or false, found ${show(operand)}`);
      return operand ? { key, exists: true } : { not: { key, exists: true } };
    case '$in':
      return { key, in: primitives(operand, where, budget) };
    case '$hasPrefix':
      if (typeof operand !== 'string') throw invalid(where, `expected a text, found ${show(operand)}`);
      return { key, prefix: termKey(operand) };
    case '$contains':
      if (isPrimitive(operand)) return { key, in: [termValue(operand)] };
      if (!isJsonObject(operand)) throw invalid(where, `expected a value, found ${show(operand)}`);
      if (key !== 'relations')
        throw invalid(where, 'only relations can be asked for an object', 'Give a text, number or boolean.');
      return containsRelation(operand, where, budget);
    default:
      throw invalid(where, `unknown operator ${show(name)}`, `Operators are ${operators.join(', ')}.`);
  }
}

function parseNode(value: JsonValue | undefined, path: Path, budget: Budget, depth: number): EntityPredicate {
  if (depth > budget.depth)
    throw queryErrors.predicateTooLarge({ reason: `combined more than ${limits.depth} levels deep` });
  if (!isJsonObject(value)) {
    const hint = isPrimitive(value) ? `Name the path that has this value, such as {"kind": ${show(value)}}.` : '';
    throw invalid(path, `expected an object, found ${show(value)}`, hint);
  }
  const entries = Object.entries(value);
  const operator = entries.find(([name]) => name.startsWith('$'));
  if (!operator) {
    return {
      all: entries.map(([name, operand]) => {
        const where = [...path, name];
        spend(budget);
        const key = termKey(name);
        if (isPrimitive(operand)) return { key, in: [termValue(operand)] };
        if (isJsonObject(operand)) return parseOperator(key, operand, where, budget);
        throw invalid(where, `expected a text, number, boolean or an operator, found ${show(operand)}`);
      }),
    };
  }
  spend(budget);
  const [name, operand] = operator;
  const where = [...path, name];
  if (!(combinators as readonly string[]).includes(name))
    throw invalid(where, `unknown operator ${show(name)}`, `Here ${combinators.join(', ')} can stand.`);
  if (entries.length > 1) throw invalid(where, 'it must be the only key here', 'Wrap the conditions in $all.');
  if (name === '$not') return { not: parseNode(operand, where, budget, depth + 1) };
  if (!Array.isArray(operand)) throw invalid(where, `expected an array of conditions, found ${show(operand)}`);
  const parts = operand.map((each, index) => parseNode(each, [...where, index], budget, depth + 1));
  return name === '$all' ? { all: parts } : { any: parts };
}

/**
 * Reads the predicate language of `query`: paths with a value, `$exists`, `$in`, `$hasPrefix` or `$contains`, combined by `$all`,
 * `$any` and `$not`.
 *
 * @param value - JSON as received
 * @throws AppError 400 that names the place of the fault by JSON pointer
 */
export function parsePredicate(value: unknown): EntityPredicate {
  const { conditions, values, depth } = limits;
  return simplify(parseNode(value as JsonValue, [], { conditions, values, depth }, 0));
}

/** Reads what `predicateToJson` wrote: the same question may need a few more combinators than it was asked with. */
export function parseCarriedPredicate(value: unknown): EntityPredicate {
  const { conditions, values, depth } = limits;
  return simplify(parseNode(value as JsonValue, [], { conditions: 2 * conditions + 2, values, depth: depth + 2 }, 0));
}

/** Writes a predicate in the language that `parsePredicate` reads; cursors carry it so. */
export function predicateToJson(predicate: EntityPredicate): JsonObject {
  if ('all' in predicate) return { $all: predicate.all.map(predicateToJson) };
  if ('any' in predicate) return { $any: predicate.any.map(predicateToJson) };
  if ('not' in predicate) return { $not: predicateToJson(predicate.not) };
  if ('exists' in predicate) return { [predicate.key]: { $exists: true } };
  if ('prefix' in predicate) return { [predicate.key]: { $hasPrefix: predicate.prefix } };
  if ('in' in predicate) return { [predicate.key]: { $in: predicate.in } };
  throw new TypeError('A text filter has no form in the predicate language');
}
