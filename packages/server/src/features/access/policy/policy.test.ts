import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastCheck from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../core/config/index.ts';
import type { Principal } from '../principal.ts';
import { conditionText } from './conditions.ts';
import { policySection } from './config.ts';
import { configuredPolicy } from './configured.ts';
import { decideBy } from './decide.ts';
import { permissions, stands } from './permissions.ts';

const jane: Principal = {
  ref: 'user:default/jane',
  title: 'Jane',
  kind: 'user',
  groups: ['group:default/payments', 'group:default/engineering'],
  claims: ['idp-admins'],
  via: { type: 'session' },
};
const written = (text: string) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-policy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'callboard.yaml');
  await writeFile(file, text);
  const loaded = loadConfig({ file, env: {}, sections: [{ owner: 'access', schema: policySection }] });
  return configuredPolicy(loaded.values.access, { open: loaded.values.access.open, placeOf: loaded.placeOf });
};

describe('decisions', () => {
  const read = written(`
access:
  defaultRole: none
  roles:
    - name: payments
      permissions:
        - search.read
        - permissions: [catalog.entity.*]
          when:
            anyOf:
              - IS_ENTITY_OWNER
              - allOf:
                  - { rule: HAS_TAG, params: { tag: Public } }
                  - not: { rule: IS_ENTITY_KIND, params: { kinds: [Resource] } }
  bindings:
    - role: payments
      to: [group:default/Payments]
    - role: viewer
      to: [claim:auditors]
    - role: viewer
      to: [user:default/joe]
      when: { rule: IS_IN_NAMESPACE, params: { namespaces: [Open] } }
`);

  test('unite what grants give, and deny what none gives', async () => {
    const policy = await read();
    expect(decideBy(policy, jane, 'search.read')).toBe('allow');
    expect(decideBy(policy, jane, 'admin.read')).toBe('deny');
    expect(decideBy(policy, jane, 'catalog.entity.everything')).toBe('deny');
    expect(decideBy(policy, jane, 'catalog.entity.read')).toEqual({
      conditions: {
        any: [
          {
            key: 'relations.ownedby',
            in: ['user:default/jane', 'group:default/payments', 'group:default/engineering'],
          },
          { all: [{ not: { key: 'kind', in: ['resource'] } }, { key: 'metadata.tags', in: ['public'] }] },
        ],
      },
    });
  });

  test('follow claims, the conditions of bindings, tokens, and who needs no role', async () => {
    const policy = await read();
    const auditor = { ...jane, groups: [], claims: ['auditors'] };
    expect(decideBy(policy, auditor, 'catalog.entity.read')).toBe('allow');
    expect(decideBy(policy, { ...auditor, grants: ['search.*'] }, 'catalog.entity.read')).toBe('deny');
    const joe = { ...jane, ref: 'user:default/joe', groups: [] };
    expect(decideBy(policy, joe, 'catalog.entity.read')).toEqual({
      conditions: { key: 'metadata.namespace', in: ['open'] },
    });
    // What is not about entities cannot be given for some of them.
    expect(decideBy(policy, joe, 'plugins.use')).toBe('deny');
    expect(decideBy(policy, { ...joe, kind: 'guest', ref: 'user:default/guest' }, 'catalog.entity.read')).toBe('allow');
    for (const { name } of permissions)
      expect(decideBy(policy, { ...joe, kind: 'local-administrator' }, name)).toBe('allow');
  });

  test('are told in words', async () => {
    const grant = (await read()).roles.find((role) => role.name === 'payments')!.grants[1]!;
    expect(conditionText(grant.when!)).toBe(
      'IS_ENTITY_OWNER or (HAS_TAG(tag: Public) and not IS_ENTITY_KIND(kinds: Resource))',
    );
  });
});

test('what is wrong in the configuration is told all at once, each with its line', async () => {
  const read = written(`access:
  roles:
    - name: viewer
      permissions: [catalog.entity.raed]
    - name: mine
      permissions:
        - permissions: [catalog.entity.read]
          when: { rule: HAS_TAGG }
        - permissions: [catalog.entity.read]
          when: { rule: HAS_TAG }
        - permissions: [catalog.entity.read, search.read, plugin.*.*]
          when: { not: { rule: HAS_TAG, params: { tag: [secret, hidden] } } }
        - permissions: [catalog.*, '*']
          when: { rule: HAS_LABEL, params: { label: tier, value: [1, 2] } }
  bindings:
    - role: mien
      to: [group:default/team, jane]
`);
  const error = await read().then(
    () => undefined,
    (thrown: { faults: { line: number; path: string; message: string; fix: string }[] }) => thrown,
  );
  expect(error?.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`)).toEqual([
    '4 access.roles[0].permissions[0]: there is no permission catalog.entity.raed',
    '8 access.roles[1].permissions[0].when: there is no rule HAS_TAGG',
    '10 access.roles[1].permissions[1].when.params: the parameter tag of HAS_TAG is missing',
    '11 access.roles[1].permissions[2].permissions[1]: search.read is not about entities, so that it can have no condition',
    '11 access.roles[1].permissions[2].permissions[2]: plugin.*.* is not about entities, so that it can have no condition',
    '12 access.roles[1].permissions[2].when.not.params.tag: the parameter tag of HAS_TAG is one text, not a list',
    '3 access.roles[0].name: there is a role viewer already',
    '17 access.bindings[0].to[1]: jane is nobody that a role can be given to',
    '16 access.bindings[0].role: there is no role mien',
  ]);
});

test('a glob stands for names as its parts follow each other, however many stars it has', () => {
  const glob = fastCheck.string({ unit: fastCheck.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  const name = fastCheck.string({ unit: fastCheck.constantFrom('a', 'b', '.'), maxLength: 10 });
  fastCheck.assert(
    fastCheck.property(glob, name, (one, other) => {
      const pattern = one.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(stands(one, other)).toBe(new RegExp(`^${pattern}$`).test(other));
    }),
    { numRuns: 2000 },
  );
  // Tried in every way, this would take years.
  expect(stands(`plugin.${'*a'.repeat(60)}.x`, `plugin.${'a'.repeat(150)}.y`)).toBe(false);
});

test('a condition that is much too long is one fault', async () => {
  const grant = (when: string) => `{ permissions: [catalog.entity.read], when: ${when} }`;
  const parts = Array.from({ length: 5000 }, () => 'IS_ENTITY_OWNER').join(', ');
  const kinds = Array.from({ length: 501 }, () => 'api').join(', ');
  const read = written(
    `access: { roles: [{ name: long, permissions: [${grant(`{ anyOf: [${parts}] }`)}, ${grant(`{ rule: IS_ENTITY_KIND, params: { kinds: [${kinds}] } }`)}, ${grant(`${'{ not: '.repeat(20)}IS_ENTITY_OWNER${' }'.repeat(20)}`)}] }] }\n`,
  );
  await expect(read()).rejects.toMatchObject({
    faults: [
      { message: 'the condition is too long' },
      { message: 'the parameter kinds of IS_ENTITY_KIND has more than 500 values' },
      { message: 'the condition is too long' },
    ],
  });
});
