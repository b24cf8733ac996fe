import type { TObject } from '@callboard/model/schema';

/** Keys of the configuration that one room or feature owns; merged at the root. */
export type ConfigSection = {
  /** Who reads the keys: `core/http`, `catalog` */
  owner: string;
  /** The keys from the root down: `Type.Object({ catalog: Type.Object({ … }) })` */
  schema: TObject;
};

/** Where a value was written: a place in a file, or a flag or environment variable named by `source`. */
export type ConfigOrigin = { file?: string; line?: number; column?: number; source?: string };

/** One thing wrong with the configuration. */
export type ConfigFault = ConfigOrigin & {
  message: string;
  /** The key as written: `server.port`, `catalog.locations[0].type` */
  path: string;
  expected?: string;
  found?: string;
  fix: string;
};

/** A key that is accepted and has no effect in the portal itself; plugins may read it. */
export type UnusedKey = { key: string; file: string; line: number; reason: string; byPlugins?: true };

/** One line of `callboard config explain`. */
export type ConfigEntry = {
  key: string;
  /** The value in force with secrets masked; undefined when there is none */
  value: unknown;
  default: unknown;
  origin: 'default' | ConfigOrigin;
  owner: string;
  /** What may be written, for people: `a whole number from 0 to 65535` */
  type: string;
  description: string;
};

/** Overrides from the command line. */
export type ConfigFlags = {
  port?: number | string;
  host?: string;
  data?: string;
  databaseUrl?: string;
  example?: boolean;
  targets?: string[];
  /** Whether a person watches at a terminal: only what needs attention is logged then, unless a level is configured. */
  terminal?: boolean;
};

/** A JSON Schema as plain data, with marks of ours: `expected` (words for people), `secret` and `onlyWritten`. */
export type PlainSchema = {
  type?: string | string[];
  properties?: Record<string, PlainSchema>;
  required?: string[];
  additionalProperties?: boolean | PlainSchema;
  patternProperties?: Record<string, PlainSchema>;
  items?: PlainSchema;
  anyOf?: PlainSchema[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
  format?: string;
  default?: unknown;
  description?: string;
  expected?: string;
  secret?: boolean;
  /** A group whose being there says something: it is not filled with defaults while nobody has written it. */
  onlyWritten?: boolean;
  [keyword: string]: unknown;
};

type NodeBase = ConfigOrigin & {
  /** The key as written by the user, which differs from ours in an app-config.yaml */
  path: string;
  /** Name of the environment variable or file the value came from */
  via?: string;
};

/** A value of the configuration that still knows where it was written. */
export type ConfigNode = NodeBase &
  (
    | { kind: 'scalar'; value: string | number | boolean | null }
    | { kind: 'list'; items: ConfigNode[] }
    | { kind: 'map'; entries: Map<string, MapEntry> }
    | { kind: 'fault'; faults: ConfigFault[] }
  );

export type MapEntry = { key: ConfigOrigin; node: ConfigNode };
export type MapNode = Extract<ConfigNode, { kind: 'map' }>;
