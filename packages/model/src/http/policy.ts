import { type Static, Type } from '../schema.ts';

const closed = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 63 });
const ref = Type.String({ minLength: 1, maxLength: 500 });
const condition = Type.Unknown({
  description: 'A rule with its parameters as in Backstage, or several joined by anyOf, allOf and not.',
});
const source = Type.Unsafe<'built-in' | 'configuration' | 'portal'>({
  type: 'string',
  enum: ['built-in', 'configuration', 'portal'],
  description: 'Where it was written. What stands in the configuration is changed there.',
});
const decision = Type.Unsafe<'allow' | 'deny' | 'conditional'>({
  type: 'string',
  enum: ['allow', 'deny', 'conditional'],
});

/** GET /api/access/permissions */
export const PermissionsResponse = Type.Object({
  items: Type.Array(
    Type.Object({
      name: Type.String(),
      meaning: Type.String(),
      action: Type.Optional(Type.String()),
      resourceType: Type.Optional(Type.String()),
    }),
  ),
  rules: Type.Array(
    Type.Object({
      name: Type.String(),
      description: Type.String(),
      parameters: Type.Array(
        Type.Object({ name: Type.String(), list: Type.Boolean(), optional: Type.Boolean(), meaning: Type.String() }),
      ),
    }),
  ),
});
export type PermissionsResponse = Static<typeof PermissionsResponse>;

/** GET /api/access/may */
export const MayResponse = Type.Object({
  items: Type.Array(Type.Object({ permission: Type.String(), result: decision })),
});
export type MayResponse = Static<typeof MayResponse>;

export const GrantSchema = Type.Object({
  permissions: Type.Array(Type.String()),
  when: Type.Optional(condition),
  whenText: Type.Optional(Type.String({ description: 'The condition in words.' })),
});
export const RoleSchema = Type.Object({
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  source,
  grants: Type.Array(GrantSchema),
  bindings: Type.Integer({ description: 'How many bindings give it.' }),
});
export type RoleSchema = Static<typeof RoleSchema>;
export const RolesResponse = Type.Object({ items: Type.Array(RoleSchema) });
export type RolesResponse = Static<typeof RolesResponse>;
export const RolePath = Type.Object({ name }, closed);
/** PUT /api/access/roles/{name} */
export const RoleBody = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    permissions: Type.Array(Type.Unknown(), {
      maxItems: 200,
      description: 'Names, where * stands for any part, or { permissions: […], when: … }.',
    }),
  },
  closed,
);
export type RoleBody = Static<typeof RoleBody>;

export const BindingSchema = Type.Object({
  id: Type.String(),
  role: Type.String(),
  subject: Type.String(),
  when: Type.Optional(condition),
  whenText: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  source,
});
export type BindingSchema = Static<typeof BindingSchema>;
export const BindingsResponse = Type.Object({ items: Type.Array(BindingSchema) });
export type BindingsResponse = Static<typeof BindingsResponse>;
export const BindingPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 600 }) }, closed);
/** POST /api/access/bindings */
export const BindingBody = Type.Object(
  { role: name, subject: ref, when: Type.Optional(condition), note: Type.Optional(Type.String({ maxLength: 500 })) },
  closed,
);
export type BindingBody = Static<typeof BindingBody>;

/** POST /api/access/explain */
export const ExplainBody = Type.Object(
  {
    principal: ref,
    permission: Type.Optional(Type.String({ maxLength: 200, description: 'catalog.entity.read when absent' })),
    entityRef: Type.Optional(ref),
    claims: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 500 })),
  },
  closed,
);
export type ExplainBody = Static<typeof ExplainBody>;
export const ExplainResponse = Type.Object({
  principal: Type.String(),
  permission: Type.String(),
  entityRef: Type.Optional(Type.String()),
  exists: Type.Optional(Type.Boolean({ description: 'Whether there is such an entity.' })),
  known: Type.Boolean({ description: 'Whether the catalog has them, or somebody has signed in as them.' }),
  result: decision,
  reason: Type.String({ description: 'The answer in a sentence.' }),
  groups: Type.Array(
    Type.Object({ group: Type.String(), path: Type.Array(Type.String()) }, { description: 'The way to each group.' }),
  ),
  ways: Type.Array(
    Type.Object({
      role: Type.String(),
      roleSource: source,
      binding: Type.String(),
      subject: Type.String(),
      bindingSource: source,
      path: Type.Array(Type.String(), { description: 'From the person to the group that the role is given to.' }),
      permissions: Type.Array(Type.String()),
      conditions: Type.Array(Type.String()),
      holds: Type.Optional(Type.Boolean({ description: 'Whether the entity fulfils the conditions.' })),
    }),
  ),
  wouldHelp: Type.Array(Type.String({ description: 'Roles that have the permission.' })),
});
export type ExplainResponse = Static<typeof ExplainResponse>;

/** POST /api/access/simulate */
export const SimulateBody = Type.Object(
  {
    putRoles: Type.Optional(Type.Array(Type.Object({ name, ...RoleBody.properties }, closed), { maxItems: 50 })),
    removeRoles: Type.Optional(Type.Array(name, { maxItems: 50 })),
    addBindings: Type.Optional(Type.Array(BindingBody, { maxItems: 200 })),
    removeBindings: Type.Optional(Type.Array(Type.String({ maxLength: 600 }), { maxItems: 200 })),
  },
  closed,
);
export type SimulateBody = Static<typeof SimulateBody>;
const change = Type.Object({
  permission: Type.String(),
  before: decision,
  after: decision,
  entitiesBefore: Type.Optional(Type.Integer()),
  entitiesAfter: Type.Optional(Type.Integer()),
  entities: Type.Optional(Type.Integer({ description: 'How many are gained, or lost.' })),
});
export const SimulateResponse = Type.Object({
  people: Type.Integer({ description: 'How many were looked at.' }),
  truncated: Type.Boolean(),
  items: Type.Array(Type.Object({ principal: Type.String(), gains: Type.Array(change), loses: Type.Array(change) }), {
    description: 'Those for whom something differs.',
  }),
});
export type SimulateResponse = Static<typeof SimulateResponse>;

const permission = Type.Object(
  {
    name: Type.String({ maxLength: 200 }),
    type: Type.Optional(Type.String()),
    attributes: Type.Optional(Type.Unknown()),
    resourceType: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);
/** POST /api/permission/authorize, as in Backstage */
export const AuthorizeBody = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String({ maxLength: 200 }),
      permission,
      resourceRef: Type.Optional(Type.Union([ref, Type.Array(ref, { maxItems: 1000 })])),
    }),
    { maxItems: 500 },
  ),
});
export const AuthorizeResponse = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), result: Type.Unknown() }, { additionalProperties: true })),
});

/** GET /api/access/audit */
export const AuditQuery = Type.Object(
  {
    actor: Type.Optional(Type.String({ maxLength: 500 })),
    action: Type.Optional(Type.String({ maxLength: 200, description: 'A permission or word; may end with *.' })),
    subject: Type.Optional(Type.String({ maxLength: 500, description: 'What it was done to; may end with *.' })),
    result: Type.Optional(
      Type.Unsafe<'done' | 'refused' | 'failed'>({ type: 'string', enum: ['done', 'refused', 'failed'] }),
    ),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only entries with a smaller id.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  closed,
);
export type AuditQuery = Static<typeof AuditQuery>;
const { before: _before, limit: _limit, ...auditFilter } = AuditQuery.properties;
/** GET /api/access/audit/export */
export const AuditExportQuery = Type.Object(
  {
    ...auditFilter,
    format: Type.Optional(
      Type.Unsafe<'jsonl' | 'syslog'>({
        type: 'string',
        enum: ['jsonl', 'syslog'],
        default: 'jsonl',
        description: 'jsonl: an object in each line. syslog: a message of RFC 5424 in each line.',
      }),
    ),
    after: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Only entries with a greater id: what came since the last export.' }),
    ),
  },
  closed,
);
export type AuditExportQuery = Static<typeof AuditExportQuery>;
export const AuditEntrySchema = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.String(),
  via: Type.String(),
  address: Type.String(),
  action: Type.String(),
  operation: Type.String(),
  subject: Type.String(),
  result: Type.Unsafe<'done' | 'refused' | 'failed'>({ type: 'string', enum: ['done', 'refused', 'failed'] }),
  status: Type.Integer(),
  request: Type.String(),
  detail: Type.Optional(Type.Unknown()),
  hash: Type.String(),
});
export type AuditEntrySchema = Static<typeof AuditEntrySchema>;
export const AuditResponse = Type.Object({
  items: Type.Array(AuditEntrySchema),
  next: Type.Optional(Type.Integer({ description: 'Ask for entries before this id.' })),
});
export type AuditResponse = Static<typeof AuditResponse>;
export const AuditVerification = Type.Object({
  intact: Type.Boolean(),
  entries: Type.Integer(),
  broken: Type.Optional(Type.Object({ id: Type.Integer(), reason: Type.String() })),
  head: Type.String({ description: 'Note it elsewhere: later it proves that nothing was taken away or made anew.' }),
});
export type AuditVerification = Static<typeof AuditVerification>;
/** GET /api/access/audit/delivery */
export const AuditDelivery = Type.Object({
  address: Type.Optional(
    Type.String({ description: 'Where entries are sent; absent when access.auditSyslog is not set.' }),
  ),
  sent: Type.Integer({ description: 'Id of the last entry that was sent.' }),
  waiting: Type.Integer({ description: 'Entries that were not sent yet.' }),
  sentAt: Type.Optional(Type.String({ format: 'date-time', description: 'When something was last sent.' })),
  problem: Type.Optional(
    Type.Object({ message: Type.String(), fix: Type.String(), since: Type.String({ format: 'date-time' }) }),
  ),
});
export type AuditDelivery = Static<typeof AuditDelivery>;
