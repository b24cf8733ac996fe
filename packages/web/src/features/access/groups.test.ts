import { expect, test } from 'vitest';
import { rolesOf } from './groups.ts';

const binding = (role: string, subject: string, whenText?: string) => ({
  id: `${role} ${subject}`,
  role,
  subject,
  source: 'portal' as const,
  ...(whenText !== undefined && { whenText }),
});

test('a group has its own roles and those of all groups above it, in any circle', () => {
  const parents = new Map([
    ['group:default/payments', ['group:default/finance', 'group:default/guild']],
    ['group:default/finance', ['group:default/company']],
    ['group:default/company', ['group:default/payments']],
  ]);
  const bindings = [
    binding('viewer', 'group:default/company'),
    binding('owner', 'group:default/Payments', 'HAS_TAG(tag: ours)'),
    binding('owner', 'group:default/other'),
    binding('developer', 'group:default/guild'),
    binding('administrator', 'claim:payments'),
  ];
  expect(rolesOf('group:default/payments', parents, bindings)).toEqual([
    { role: 'owner', when: 'HAS_TAG(tag: ours)' },
    { role: 'developer', through: 'group:default/guild' },
    { role: 'viewer', through: 'group:default/company' },
  ]);
  expect(rolesOf('group:default/company', parents, bindings.slice(0, 1))).toEqual([{ role: 'viewer' }]);
});
