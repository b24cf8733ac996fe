import type { RuleName } from './rules.ts';

/** What must be true of an entity. Rules have the names and parameters of Backstage's. */
export type Condition =
  | { anyOf: readonly Condition[] }
  | { allOf: readonly Condition[] }
  | { not: Condition }
  | { rule: RuleName; params: Readonly<Record<string, string | readonly string[]>> };

/** Permissions, by name or with `*` for any part, of entities that fulfil a condition; of all when there is none. */
export type Grant = { permissions: readonly string[]; when?: Condition };

/** Where a role or binding was written. Those of the configuration are changed there. */
export type PolicySource = 'built-in' | 'configuration' | 'portal';

export type Role = {
  name: string;
  title: string;
  description: string;
  grants: readonly Grant[];
  source: PolicySource;
};

/**
 * Gives a role to a subject: `user:default/jane`, `group:default/team` with the groups below it, `external:name` of a token,
 * `claim:name` as the identity provider says it, `signed-in`, `guests` or `everyone`.
 */
export type Binding = {
  /** stays the same as long as the binding does */
  id: string;
  role: string;
  subject: string;
  /** narrows what the role gives */
  when?: Condition;
  note?: string;
  source: PolicySource;
};

/** Roles and bindings that belong together. */
export type Policy = { roles: readonly Role[]; bindings: readonly Binding[] };

/** Something wrong with what was written. `path` is made of keys and indices from where the reading began. */
export type PolicyFault = { path: readonly (string | number)[]; message: string; fix: string };
