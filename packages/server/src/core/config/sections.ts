import { type Static, Type } from '@callboard/model/schema';
import type { ConfigSection } from './types.ts';

const host = { minLength: 1, pattern: '^\\S+$' };
const webAddress = {
  format: 'uri',
  pattern: '^https?://[^\\s/]',
  expected: 'an address that starts with http:// or https://',
};

const app = Type.Object({
  title: Type.String({
    default: 'Callboard',
    minLength: 1,
    description: 'Name of the portal in the browser tab and the header.',
  }),
  baseUrl: Type.Optional(
    Type.String({
      ...webAddress,
      description: 'Address at which people reach the portal. When absent, the address it listens on.',
    }),
  ),
});

const organization = Type.Object({
  name: Type.String({ default: '', description: 'Name of the company or team the portal serves.' }),
});

const oneOrMore = (what: string, description: string) =>
  Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))], {
      expected: `${what}, or a list of them`,
      description,
    }),
  );

const cors = Type.Object(
  {
    origin: Type.Optional(
      Type.Union([Type.Boolean(), Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))], {
        expected: 'true, false, an origin such as https://tools.example.com, or a list of them',
        description: 'Origins whose pages may call the API; true allows every origin, * stands for one part of a name.',
      }),
    ),
    methods: oneOrMore('a method such as GET', 'Methods those pages may use.'),
    allowedHeaders: oneOrMore('the name of a header', 'Request headers those pages may send.'),
    exposedHeaders: oneOrMore('the name of a header', 'Response headers those pages may read.'),
    credentials: Type.Optional(Type.Boolean({ description: 'Whether those pages may send cookies.' })),
    maxAge: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Seconds for which a browser may remember the answer.' }),
    ),
  },
  { description: 'Pages on other origins that may call the API. When absent, none.' },
);

const server = Type.Object({
  host: Type.String({
    ...host,
    default: '127.0.0.1',
    expected: 'an IP address or host name',
    description:
      'Network interface to listen on. 127.0.0.1 is reachable from this machine only; 0.0.0.0 from everywhere.',
  }),
  port: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 7007,
    description: 'Port to listen on; 0 takes a free one.',
  }),
  cors: Type.Optional(cors),
});

const data = Type.Object({
  directory: Type.String({
    minLength: 1,
    default: '.callboard',
    description:
      'Folder for the embedded database and caches. A relative path starts at the folder of the configuration file.',
  }),
});

const database = Type.Object({
  url: Type.String({
    default: '',
    pattern: '^$|^postgres(ql)?://\\S+$',
    secret: true,
    expected: 'an address such as postgres://user:password@host:5432/callboard, or nothing for the embedded database',
    description: 'PostgreSQL to keep everything in. When empty, an embedded database in data.directory.',
  }),
});

const log = Type.Object({
  level: Type.Union(
    (['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const).map((level) => Type.Literal(level)),
    { default: 'info', description: 'Least severe lines that are written; at a terminal warn, unless it is set.' },
  ),
  format: Type.Union([Type.Literal('text'), Type.Literal('json')], {
    default: 'text',
    description: 'text for people, json for a log collector.',
  }),
});

const outbound = Type.Object({
  mode: Type.Union([Type.Literal('open'), Type.Literal('closed')], {
    default: 'open',
    description: 'open: configured sources may be on any host. closed: only hosts in outbound.allow are called.',
  }),
  allow: Type.Array(Type.String({ minLength: 1, pattern: '^\\S+$' }), {
    default: [],
    description: 'Hosts that may be called, such as git.example.com, git.example.com:8443 or *.example.com.',
  }),
  proxy: Type.Optional(
    Type.String({
      ...webAddress,
      secret: true,
      expected: 'an address such as http://proxy.example.com:3128',
      description: 'Proxy for every call that leaves the process.',
    }),
  ),
  timeoutMs: Type.Integer({
    minimum: 100,
    maximum: 600_000,
    default: 30_000,
    description: 'Milliseconds after which a call to another host is given up.',
  }),
});

const access = Type.Object({
  open: Type.Boolean({
    default: false,
    description:
      'Lets everybody who reaches the portal use it without signing in, also when it listens on more than this machine.',
  }),
});

/** The keys that core itself reads. */
export const coreSections: ConfigSection[] = [
  { owner: 'core/http', schema: Type.Object({ app, organization, server }) },
  { owner: 'core/db', schema: Type.Object({ data, database }) },
  { owner: 'core/log', schema: Type.Object({ log }) },
  { owner: 'core/outbound', schema: Type.Object({ outbound }) },
  { owner: 'access', schema: Type.Object({ access }) },
];

/** The values of the keys that core itself reads, defaults filled in. */
export type Config = {
  app: Static<typeof app>;
  organization: Static<typeof organization>;
  server: Static<typeof server>;
  data: Static<typeof data>;
  database: Static<typeof database>;
  log: Static<typeof log>;
  outbound: Static<typeof outbound>;
  access: Static<typeof access>;
};
