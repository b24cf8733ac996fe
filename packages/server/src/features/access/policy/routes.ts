import {
  BindingBody,
  BindingPath,
  BindingSchema,
  BindingsResponse,
  ExplainBody,
  ExplainResponse,
  MayResponse,
  PermissionsResponse,
  RoleBody,
  RolePath,
  RoleSchema,
  RolesResponse,
  SimulateBody,
  SimulateResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../core/http/index.ts';
import type { Directory } from '../directory.ts';
import type { Principal } from '../principal.ts';
import type { WayIn } from '../way-in.ts';
import { assertNotLockedOut, bindingFrom, changed, changeFrom, roleFrom } from './change.ts';
import { explain, type Known } from './explain.ts';
import { type Permission, permissions, pluginPermissionsIn } from './permissions.ts';
import type { PolicyKeeper } from './policy.ts';
import { shownBinding, shownRole } from './present.ts';
import { rules } from './rules.ts';
import { simulate } from './simulate.ts';
import type { PolicyChange } from './store.ts';

export type PolicyTools = {
  policy: PolicyKeeper;
  /** Those that plugins add now */
  permissionsOfPlugins(): readonly Permission[];
  principalOf(request: FastifyRequest): Principal;
  directory(): Directory & { known(ref: string): Promise<Known>; everybodyKnown(): Promise<Map<string, Known>> };
  wayIn: Pick<WayIn, 'afterPolicyChange'>;
};

const base = '/api/access';
const tags = ['access'];
const read = { permission: 'access.policy.read' };
const manage = { permission: 'access.policy.manage' };
const none: PolicyChange = { putRoles: [], removeRoles: [], putBindings: [], removeBindings: [] };

function registerReading(http: HttpServer, { policy, principalOf, permissionsOfPlugins }: PolicyTools): void {
  http.get(
    `${base}/permissions`,
    {
      config: read,
      schema: {
        operationId: 'GetPermissions',
        tags,
        summary: 'Every permission with what it means, and the rules of conditions',
        response: { 200: PermissionsResponse },
      },
    },
    async () => ({
      items: [...permissions, ...permissionsOfPlugins()].map(({ name, meaning, action, resourceType }) => ({
        name,
        meaning,
        ...(action && { action }),
        ...(resourceType && { resourceType }),
      })),
      rules: Object.entries(rules).map(([name, { description, parameters }]) => ({
        name,
        description,
        parameters: (parameters as readonly { name: string; list?: true; optional?: true; meaning: string }[]).map(
          (parameter) => ({
            name: parameter.name,
            list: parameter.list === true,
            optional: parameter.optional === true,
            meaning: parameter.meaning,
          }),
        ),
      })),
    }),
  );
  http.get(
    `${base}/may`,
    {
      config: { permission: 'none' },
      schema: {
        operationId: 'GetWhatIMay',
        tags,
        summary: 'What whoever asks may do',
        response: { 200: MayResponse },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      return {
        items: permissions.map(({ name }) => {
          const decision = policy.decide(principal, name);
          return { permission: name, result: typeof decision === 'string' ? decision : ('conditional' as const) };
        }),
      };
    },
  );
  http.get(
    `${base}/roles`,
    { config: read, schema: { operationId: 'GetRoles', tags, summary: 'All roles', response: { 200: RolesResponse } } },
    async () => {
      const { policy: current } = policy.current();
      return { items: current.roles.map((role) => shownRole(role, current)) };
    },
  );
  http.get(
    `${base}/bindings`,
    {
      config: read,
      schema: { operationId: 'GetBindings', tags, summary: 'Who has which role', response: { 200: BindingsResponse } },
    },
    async () => ({ items: policy.current().policy.bindings.map(shownBinding) }),
  );
}

function registerWriting(http: HttpServer, { policy, principalOf, wayIn }: PolicyTools): void {
  const apply = async (request: FastifyRequest, change: PolicyChange) => {
    const { policy: before } = policy.current();
    const after = changed(before, change);
    assertNotLockedOut(before, after, principalOf(request));
    const remaining = await wayIn.afterPolicyChange(after);
    await policy.change(change, principalOf(request).ref, remaining);
    return after;
  };
  http.put(
    `${base}/roles/:name`,
    {
      config: manage,
      schema: {
        operationId: 'PutRole',
        tags,
        summary: 'Make or change a role',
        params: RolePath,
        body: RoleBody,
        response: { 200: RoleSchema },
      },
    },
    async (request) => {
      const role = roleFrom(request.params.name, request.body);
      const before = policy.current().policy.roles.find((each) => each.name === role.name);
      const after = await apply(request, { ...none, putRoles: [role] });
      request.auditDetail = JSON.parse(JSON.stringify({ before: before?.grants ?? null, after: role.grants }));
      return shownRole(role, after);
    },
  );
  http.delete(
    `${base}/roles/:name`,
    {
      config: manage,
      schema: {
        operationId: 'DeleteRole',
        tags,
        summary: 'Remove a role that nobody has',
        params: RolePath,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const before = policy.current().policy.roles.find((role) => role.name === name);
      await apply(request, { ...none, removeRoles: [name] });
      request.auditDetail = JSON.parse(JSON.stringify({ before: before?.grants ?? null, after: null }));
      return reply.code(204).send(null);
    },
  );
  http.post(
    `${base}/bindings`,
    {
      config: manage,
      schema: {
        operationId: 'CreateBinding',
        tags,
        summary: 'Give a role to a person, a group, a claim or everybody',
        body: BindingBody,
        response: { 201: BindingSchema },
      },
    },
    async (request, reply) => {
      const binding = bindingFrom(request.body);
      await apply(request, { ...none, putBindings: [binding] });
      request.auditDetail = JSON.parse(JSON.stringify({ before: null, after: binding }));
      return reply.code(201).send(shownBinding(binding));
    },
  );
  http.delete(
    `${base}/bindings/:id`,
    {
      config: manage,
      schema: {
        operationId: 'DeleteBinding',
        tags,
        summary: 'Take a role away again',
        params: BindingPath,
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const before = policy.current().policy.bindings.find((binding) => binding.id === id);
      await apply(request, { ...none, removeBindings: [id] });
      request.auditDetail = JSON.parse(JSON.stringify({ before: before ?? null, after: null }));
      return reply.code(204).send(null);
    },
  );
}

function registerAsking(http: HttpServer, { policy, directory, permissionsOfPlugins }: PolicyTools): void {
  http.post(
    `${base}/explain`,
    {
      config: read,
      schema: {
        operationId: 'ExplainAccess',
        tags,
        summary: 'Why somebody may do something, or may not',
        description:
          'Every role that gives the permission, by which binding, which way through groups and which rules.',
        body: ExplainBody,
        response: { 200: ExplainResponse },
      },
    },
    async (request) => {
      const { principal, permission = 'catalog.entity.read', entityRef, claims } = request.body;
      return explain(policy.current().policy, directory(), {
        principal,
        permission,
        ...(entityRef !== undefined && { entityRef: entityRef.toLowerCase() }),
        ...(claims && { claims }),
      });
    },
  );
  http.post(
    `${base}/simulate`,
    {
      config: read,
      schema: {
        operationId: 'SimulatePolicy',
        tags,
        summary: 'Who would gain and lose what by a change of roles and bindings; stores nothing',
        body: SimulateBody,
        response: { 200: SimulateResponse },
      },
    },
    async (request) => {
      const { policy: before } = policy.current();
      const after = changed(before, changeFrom(request.body));
      const ofPlugins = [...permissionsOfPlugins(), ...pluginPermissionsIn(before), ...pluginPermissionsIn(after)];
      const all = new Map([...permissions, ...ofPlugins].map((each) => [each.name, each]));
      return simulate(before, after, directory(), [...all.values()]);
    },
  );
}

/** The routes of roles, bindings, explanations and simulations. */
export function registerPolicy(http: HttpServer, tools: PolicyTools): void {
  registerReading(http, tools);
  registerWriting(http, tools);
  registerAsking(http, tools);
}
