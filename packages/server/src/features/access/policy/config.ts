import { type Static, Type } from '@callboard/model/schema';

const closed = { additionalProperties: false };
const condition = Type.Unknown({
  expected: 'a condition such as { rule: IS_ENTITY_OWNER }',
  description:
    'Condition on entities: a rule with its parameters as in Backstage, or several joined by anyOf, allOf and not.',
});

const role = Type.Object(
  {
    name: Type.String({ minLength: 1, expected: 'a name such as payments-reader' }),
    title: Type.Optional(Type.String({ description: 'What people read.' })),
    description: Type.Optional(Type.String()),
    permissions: Type.Array(Type.Unknown(), {
      expected: 'a list of permissions, or of { permissions: […], when: … }',
      description:
        'Names of permissions, where * stands for any part; an entry with `when` holds for entities that fulfil it.',
    }),
  },
  closed,
);

const auditSyslog = Type.Object(
  {
    address: Type.String({
      pattern: '^(tls|tcp|udp)://[^/?#@]+:\\d{1,5}$',
      expected: 'an address such as tls://siem.example.com:6514, tcp://… or udp://…:514',
      description: 'Where messages go: by TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426).',
    }),
    ca: Type.Optional(
      Type.String({ description: 'Authority of its certificate as PEM, where the machine does not know it.' }),
    ),
    cert: Type.Optional(Type.String({ description: 'Certificate by which the portal is known there, as PEM.' })),
    key: Type.Optional(Type.String({ description: 'The key of that certificate, as PEM.', secret: true })),
    serverName: Type.Optional(
      Type.String({ description: 'The name in its certificate, where it is not that of the address.' }),
    ),
  },
  { ...closed, description: 'A server of syslog that is sent every entry of the audit.' },
);

const binding = Type.Object(
  {
    role: Type.String({ minLength: 1, expected: 'the name of a role' }),
    to: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      expected: 'a list such as [group:default/team-a, user:default/jane, claim:admins, signed-in]',
      description:
        'Who has the role: user:, group: (with the groups below), external:<subject> of a token, claim:<name>, signed-in, guests or everyone.',
    }),
    when: Type.Optional(condition),
    note: Type.Optional(Type.String({ description: 'Why, for those who read it later.' })),
  },
  closed,
);

/** The keys of the configuration that say who may do what. */
export const policySection = Type.Object({
  access: Type.Object({
    defaultRole: Type.String({
      default: 'developer',
      description: 'Role of everybody who has signed in, beside what bindings give; none for no role.',
    }),
    guestRole: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Role of who has not signed in; none for no role. When absent: administrator if access.open lets everybody in, else viewer.',
      }),
    ),
    auditDays: Type.Integer({
      minimum: 1,
      maximum: 36_500,
      default: 400,
      description: 'Days for which the audit keeps who did what.',
    }),
    auditSyslog: Type.Optional(auditSyslog),
    roles: Type.Optional(Type.Array(role, { description: 'Roles beside viewer, developer, owner and administrator.' })),
    bindings: Type.Optional(Type.Array(binding, { description: 'Who has which role.' })),
  }),
});

export type PolicyConfig = Omit<Static<typeof policySection>['access'], 'auditDays' | 'auditSyslog'>;
export type AuditSyslogConfig = Static<typeof auditSyslog>;
