/** A condition as a form holds it. What a form cannot say stays as it was written. */
export type Draft =
  | { how: 'everything' }
  | { how: 'rule'; rule: string; value: string }
  | { how: 'allOf' | 'anyOf'; parts: readonly Part[] }
  | { how: 'not'; part: Draft }
  | { how: 'written'; condition: unknown };

/** One of several; `id` stays while others come and go. */
export type Part = { id: number; draft: Draft };

type Rule = {
  label: string;
  hint?: string;
  /** The parameter that takes the text, or the texts between commas */
  parameter?: string;
  takes?: 'text' | 'list' | 'name=value';
};

/** Rules in the words of the form. */
export const rules: Record<string, Rule> = {
  IS_ENTITY_OWNER: { label: 'What they or their groups own' },
  HAS_TAG: { label: 'What has a tag', hint: 'Such as public', parameter: 'tag', takes: 'text' },
  IS_ENTITY_KIND: { label: 'Kinds', hint: 'Such as Component, API', parameter: 'kinds', takes: 'list' },
  IS_IN_NAMESPACE: { label: 'Namespaces', hint: 'Such as default', parameter: 'namespaces', takes: 'list' },
  HAS_LABEL: {
    label: 'What has a label',
    hint: 'Name, or name=value',
    parameter: 'label',
    takes: 'name=value',
  },
  HAS_ANNOTATION: {
    label: 'What has an annotation',
    hint: 'Name, or name=value',
    parameter: 'annotation',
    takes: 'name=value',
  },
  HAS_METADATA: {
    label: 'What has a field of metadata',
    hint: 'Such as title, or title=Shop',
    parameter: 'key',
    takes: 'name=value',
  },
  HAS_SPEC: {
    label: 'What has a field of spec',
    hint: 'Such as lifecycle=production',
    parameter: 'key',
    takes: 'name=value',
  },
};

export const everything: Draft = { how: 'everything' };
export const blank: Draft = { how: 'rule', rule: 'IS_ENTITY_OWNER', value: '' };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function ruleOf(name: string, value: string): unknown {
  const { parameter = '', takes } = rules[name]!;
  const text = value.trim();
  if (takes === undefined) return { rule: name, params: {} };
  if (takes === 'text') return { rule: name, params: { [parameter]: text } };
  const list = text.split(',').map((part) => part.trim());
  if (takes === 'list') return { rule: name, params: { [parameter]: list.filter(Boolean) } };
  const split = text.indexOf('=');
  if (split < 0) return { rule: name, params: { [parameter]: text } };
  return { rule: name, params: { [parameter]: text.slice(0, split).trim(), value: text.slice(split + 1).trim() } };
}

/** The condition as the API takes it; undefined for everything. */
export function conditionOf(draft: Draft): unknown {
  if (draft.how === 'everything') return undefined;
  if (draft.how === 'written') return draft.condition;
  if (draft.how === 'rule') return ruleOf(draft.rule, draft.value);
  if (draft.how === 'not') return { not: conditionOf(draft.part) };
  return { [draft.how]: draft.parts.map((part) => conditionOf(part.draft)) };
}

/** The text of a rule; undefined when it has parameters that the form has no place for. */
function valueOf(name: string, params: Record<string, unknown>): string | undefined {
  const { parameter, takes } = rules[name]!;
  if (takes === undefined) return '';
  const { [parameter!]: given, value } = params;
  if (takes === 'list') return Array.isArray(given) ? given.join(', ') : undefined;
  if (typeof given !== 'string') return undefined;
  return typeof value === 'string' ? `${given}=${value}` : given;
}

/** A stored condition as the form shows it. */
export function draftOf(condition: unknown): Draft {
  if (condition === undefined) return everything;
  const written: Draft = { how: 'written', condition };
  if (!isObject(condition)) return written;
  if ('not' in condition) return { how: 'not', part: draftOf(condition['not']) };
  for (const how of ['allOf', 'anyOf'] as const) {
    const parts = condition[how];
    if (Array.isArray(parts)) return { how, parts: parts.map((part, id) => ({ id, draft: draftOf(part) })) };
  }
  const { rule, params } = condition;
  if (typeof rule !== 'string' || rules[rule] === undefined || !isObject(params)) return written;
  const value = valueOf(rule, params);
  if (value === undefined) return written;
  const draft: Draft = { how: 'rule', rule, value };
  const inOrder = (item: unknown) =>
    isObject(item) ? Object.entries(item).toSorted(([one], [other]) => (one < other ? -1 : 1)) : item;
  const same = (one: unknown) => JSON.stringify(one, (_key, item) => inOrder(item));
  return same(conditionOf(draft)) === same(condition) ? draft : written;
}

/** What the form begins with when somebody chooses another way to say which entities are meant. */
export function changedTo(how: string, draft: Draft): Draft {
  const kept = draft.how === 'everything' ? blank : draft;
  if (how === 'everything') return everything;
  if (how === 'not') return { how, part: kept };
  if (how !== 'allOf' && how !== 'anyOf') return { how: 'rule', rule: how, value: '' };
  if (draft.how === 'allOf' || draft.how === 'anyOf') return { how, parts: draft.parts };
  return {
    how,
    parts: [
      { id: 0, draft: kept },
      { id: 1, draft: blank },
    ],
  };
}
