import { AuthorizeBody, AuthorizeResponse } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../../../core/http/index.ts';
import { readCondition, conditionPredicate } from '../../policy/conditions.ts';
import type { Decision } from '../../policy/decide.ts';
import { policyErrors } from '../../policy/errors.ts';
import { permissionNamed, permissions } from '../../policy/permissions.ts';
import type { PolicyTools } from '../../policy/routes.ts';
import { rules } from '../../policy/rules.ts';
import type { PolicyFault } from '../../policy/types.ts';

const none = { permission: 'none', audit: 'never' as const };
const anything = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true });
const word = (isAllowed: boolean) => (isAllowed ? 'ALLOW' : 'DENY');

const ApplyBody = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String({ maxLength: 200 }),
      resourceRef: Type.Union([
        Type.String({ maxLength: 500 }),
        Type.Array(Type.String({ maxLength: 500 }), { maxItems: 1000 }),
      ]),
      resourceType: Type.String(),
      conditions: Type.Unknown(),
    }),
    { maxItems: 500 },
  ),
});

const metadata = {
  permissions: permissions.map(({ name, action, resourceType }) => ({
    type: resourceType ? 'resource' : 'basic',
    name,
    attributes: action ? { action } : {},
    ...(resourceType && { resourceType }),
  })),
  rules: Object.entries(rules).map(([name, { description, parameters }]) => ({
    name,
    description,
    resourceType: 'catalog-entity',
    paramsSchema: {
      type: 'object',
      properties: Object.fromEntries(
        (parameters as readonly { name: string; list?: true; meaning: string }[]).map(
          ({ name: key, list, meaning }) => [
            key,
            list
              ? { type: 'array', items: { type: 'string' }, description: meaning }
              : { type: 'string', description: meaning },
          ],
        ),
      ),
      required: (parameters as readonly { name: string; optional?: true }[]).flatMap(({ name: key, optional }) =>
        optional ? [] : [key],
      ),
      additionalProperties: false,
    },
  })),
};

/** Backstage's routes, so that its clients can ask. A permission that does not exist here is denied. */
export function registerBackstagePermissions(
  http: HttpServer,
  { policy, principalOf, directory }: Omit<PolicyTools, 'wayIn'>,
): void {
  const answer = async (decision: Decision, refs: readonly string[]): Promise<boolean[]> => {
    if (typeof decision === 'string') return refs.map(() => decision === 'allow');
    const found = new Set(await directory().matching([...new Set(refs)], decision.conditions));
    return refs.map((ref) => found.has(ref));
  };
  http.post(
    '/api/permission/authorize',
    {
      config: none,
      schema: {
        operationId: 'Authorize',
        tags: ['access'],
        summary: 'Whether whoever asks has permissions, in Backstage’s shape',
        description: 'A permission on entities is decided for the entity that resourceRef names; it has to be given.',
        body: AuthorizeBody,
        response: { 200: AuthorizeResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const items = await Promise.all(
        request.body.items.map(async ({ id, permission, resourceRef }) => {
          const known = permissionNamed(permission.name);
          const decision = policy.decide(principal, permission.name);
          if (!known?.resourceType) return { id, result: word(decision === 'allow') };
          if (resourceRef === undefined) {
            if (typeof decision === 'string') return { id, result: word(decision === 'allow') };
            throw policyErrors.invalid({
              reason: `${permission.name} is decided entity by entity`,
              fix: 'Send the resourceRef of the entity.',
            });
          }
          const refs = [resourceRef].flat().map((ref) => ref.toLowerCase());
          const results = (await answer(decision, refs)).map(word);
          return { id, result: Array.isArray(resourceRef) ? results : results[0] };
        }),
      );
      return { items };
    },
  );
  for (const [url, operationId] of [
    ['/api/catalog/.well-known/backstage/permissions/metadata', 'GetCatalogPermissionMetadata'],
    ['/.well-known/backstage/permissions/metadata', 'GetPermissionMetadata'],
  ] as const)
    http.get(
      url,
      {
        config: none,
        schema: {
          operationId,
          tags: ['access'],
          summary: 'Permissions and rules, in Backstage’s shape',
          response: { 200: anything },
        },
      },
      async () => metadata,
    );
  http.post(
    '/api/catalog/.well-known/backstage/permissions/apply-conditions',
    {
      config: { permission: 'access.policy.read' },
      schema: {
        operationId: 'ApplyConditions',
        tags: ['access'],
        summary: 'Whether entities fulfil conditions, in Backstage’s shape',
        body: ApplyBody,
        response: { 200: AuthorizeResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const items = await Promise.all(
        request.body.items.map(async ({ id, resourceRef, conditions }) => {
          const faults: PolicyFault[] = [];
          const condition = readCondition(conditions, ['conditions'], faults);
          if (!condition) throw policyErrors.invalid({ reason: faults[0]!.message, fix: faults[0]!.fix });
          const refs = [resourceRef].flat().map((ref) => ref.toLowerCase());
          const seen = await answer(policy.decide(principal, 'catalog.entity.read'), refs);
          const found = await answer({ conditions: conditionPredicate(condition, principal) }, refs);
          const results = refs.map((_ref, index) => word(found[index]! && seen[index]!));
          return { id, result: Array.isArray(resourceRef) ? results : results[0] };
        }),
      );
      return { items };
    },
  );
}
