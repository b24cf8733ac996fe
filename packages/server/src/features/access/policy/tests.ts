import type { ExplainResponse } from '@callboard/model/http';
import { parse } from 'yaml';
import { policyErrors } from './errors.ts';
import { canonicalPrincipal, isPrincipal } from './explain.ts';
import { permissionNamed } from './permissions.ts';

/** One expectation of a file of policy tests. */
export type PolicyTest = {
  name: string;
  principal: string;
  claims: string[];
  permission: string;
  entity?: string;
  expect: ExplainResponse['result'];
};

const form =
  'Write { principal: user:default/jane, permission: catalog.entity.read, entity: component:default/shop, expect: allow }.';
const known = ['name', 'principal', 'claims', 'permission', 'entity', 'expect'];

/**
 * Reads a file of policy tests: a list, or `tests:` with one.
 *
 * @throws AppError ACCESS_POLICY_INVALID that names the entry
 */
export function readPolicyTests(text: string): PolicyTest[] {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw policyErrors.invalid({ reason: (error as Error).message.split('\n', 1)[0], fix: 'Correct the YAML.' });
  }
  const list = Array.isArray(read) ? read : (read as { tests?: unknown } | null)?.tests;
  if (!Array.isArray(list) || list.length === 0)
    throw policyErrors.invalid({ reason: 'there are no tests', fix: form });
  return list.map((entry: Record<string, unknown> | null, index): PolicyTest => {
    const wrong = (reason: string) => policyErrors.invalid({ reason: `test ${index + 1}: ${reason}`, fix: form });
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw wrong('it is no list of keys');
    const extra = Object.keys(entry).find((key) => !known.includes(key));
    if (extra !== undefined) throw wrong(`there is no key ${extra}`);
    const { name, principal, claims = [], permission = 'catalog.entity.read', entity, expect } = entry;
    if (typeof principal !== 'string') throw wrong('principal is missing');
    if (!isPrincipal(principal)) throw wrong(`${principal.slice(0, 100)} is nobody who could be asked about`);
    if (typeof permission !== 'string' || !permissionNamed(permission))
      throw wrong(`there is no permission ${String(permission)}`);
    if (expect !== 'allow' && expect !== 'deny' && expect !== 'conditional')
      throw wrong('expect is not allow, deny or conditional');
    if (!Array.isArray(claims) || claims.some((claim) => typeof claim !== 'string'))
      throw wrong('claims is no list of texts');
    if (entity !== undefined && typeof entity !== 'string') throw wrong('entity is no ref');
    return {
      name: typeof name === 'string' ? name : `${principal} ${permission}${entity === undefined ? '' : ` ${entity}`}`,
      principal: canonicalPrincipal(principal),
      claims: claims as string[],
      permission,
      ...(entity !== undefined && { entity: entity.toLowerCase() }),
      expect,
    };
  });
}
