import { termKey, termValue } from '@callboard/model';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import type { Principal } from '../principal.ts';

/** One parameter of a rule: one text, always a `list`, or one text or `several`. */
type Parameter = { name: string; list?: true; several?: true; optional?: true; meaning: string };

type Params = Readonly<Record<string, string | readonly string[]>>;

type Rule = {
  description: string;
  parameters: readonly Parameter[];
  predicate(params: Params, principal: Principal): EntityPredicate;
};

const text = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : '');
const list = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value];

const valueOf = (path: string, value: Params[string] | undefined): EntityPredicate =>
  value === undefined
    ? { key: termKey(path), exists: true }
    : { key: termKey(path), in: list(value).map((each) => termValue(each)) };

const optionalValue: Parameter = {
  name: 'value',
  several: true,
  optional: true,
  meaning: 'what it must be, or a list of such; anything when absent',
};

/** Refs that count as oneself when ownership is asked for. */
export const ownRefs = (principal: Principal): string[] => [...new Set([principal.ref, ...principal.groups])];

/** The rules that conditions are made of. */
export const rules = {
  IS_ENTITY_OWNER: {
    description: 'Is owned by whoever asks, by one of their groups, or by a group above these',
    parameters: [
      { name: 'claims', list: true, optional: true, meaning: 'refs of owners instead of those of whoever asks' },
    ],
    predicate: ({ claims }, principal) => ({
      key: 'relations.ownedby',
      in: (claims === undefined ? ownRefs(principal) : list(claims)).map((ref) => ref.toLowerCase()),
    }),
  },
  IS_ENTITY_KIND: {
    description: 'Is of one of the kinds',
    parameters: [{ name: 'kinds', list: true, meaning: 'kinds such as Component' }],
    predicate: ({ kinds }) => ({ key: 'kind', in: list(kinds).map((kind) => kind.toLowerCase()) }),
  },
  IS_IN_NAMESPACE: {
    description: 'Is in one of the namespaces',
    parameters: [{ name: 'namespaces', list: true, meaning: 'namespaces such as default' }],
    predicate: ({ namespaces }) => ({
      key: 'metadata.namespace',
      in: list(namespaces).map((namespace) => namespace.toLowerCase()),
    }),
  },
  HAS_TAG: {
    description: 'Has a tag',
    parameters: [{ name: 'tag', meaning: 'the tag' }],
    predicate: ({ tag }) => ({ key: 'metadata.tags', in: [termValue(text(tag))] }),
  },
  HAS_ANNOTATION: {
    description: 'Has an annotation',
    parameters: [{ name: 'annotation', meaning: 'its name' }, optionalValue],
    predicate: ({ annotation, value }) => valueOf(`metadata.annotations.${text(annotation)}`, value),
  },
  HAS_LABEL: {
    description: 'Has a label',
    parameters: [{ name: 'label', meaning: 'its name' }, optionalValue],
    predicate: ({ label, value }) => valueOf(`metadata.labels.${text(label)}`, value),
  },
  HAS_METADATA: {
    description: 'Has a field of metadata',
    parameters: [{ name: 'key', meaning: 'the path below metadata' }, optionalValue],
    predicate: ({ key, value }) => valueOf(`metadata.${text(key)}`, value),
  },
  HAS_SPEC: {
    description: 'Has a field of spec',
    parameters: [{ name: 'key', meaning: 'the path below spec' }, optionalValue],
    predicate: ({ key, value }) => valueOf(`spec.${text(key)}`, value),
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** A rule with its words; undefined for a name that is none. */
export const ruleNamed = (name: string): Rule | undefined =>
  Object.hasOwn(rules, name) ? (rules as Record<string, Rule>)[name] : undefined;
