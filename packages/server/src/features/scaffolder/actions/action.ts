import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { Outbound } from '../../../core/outbound/index.ts';
import type { FindHost } from '../../catalog/index.ts';
import type { TemplateSource } from '../files/source.ts';
import type { Workspace } from '../files/workspace.ts';
import type { Renderers } from '../language/renderers.ts';
import type { Missing } from '../types.ts';

export type StepLog = (message: string, level?: 'info' | 'warn' | 'error') => void;

/** What the catalog does for actions. */
export type CatalogServices = {
  /** entities by canonical ref, in the order asked for */
  entities(refs: string[]): Promise<(Entity | undefined)[]>;
  /** adds a location, or finds that it is there; the refs of what it describes */
  register(
    target: string,
    options: { optional: boolean; signal: AbortSignal },
  ): Promise<{ ref: string; kind: string; name: string }[]>;
  /** takes a registration back; whether there was one */
  unregister?(target: string): Promise<boolean>;
};

/** What actions stand on. An absent one means that what needs it cannot be known here. */
export type ActionServices = {
  renderers: Renderers;
  outbound?: Outbound;
  /** code hosts that are read through their API */
  hostOf?: FindHost;
  catalog?: CatalogServices;
  /** where names of repositories without a host are made: a folder for bare repositories */
  repositories?: string;
  /** who makes commits when a template does not say it */
  author: { name: string; email: string };
  /** hosts of this portal: no template calls them */
  ownHosts: string[];
};

/** What an action is given. */
export type ActionContext = {
  input: JsonObject;
  workspace: Workspace;
  source: TemplateSource;
  services: ActionServices;
  template: { ref: string; metadata: JsonObject };
  runId: string;
  user?: { ref?: string; entity?: JsonValue };
  step: { id: string; name: string };
  signal: AbortSignal;
  log: StepLog;
  isDryRun: boolean;
  output(name: string, value: JsonValue): void;
  /** Runs `work` once for a key, also over a restart; what it gave is kept. */
  checkpoint<T extends JsonValue>(key: string, work: () => Promise<T>): Promise<T>;
  /** a folder of its own that is gone after the step */
  temporaryFolder(): Promise<string>;
  /** In a dry run: something cannot be known, the rest can. */
  miss(missing: Omit<Missing, 'step'>): void;
};

/** What is in a place that files go to. */
export type Existing = {
  /** the repository, as people know it */
  place: string;
  branch?: string;
  /** a folder with its files; one of the step's own, that is gone after it */
  directory: string;
  /** the folder of the workspace that is published, and the folder in the place that it goes into */
  source: string;
  into: string;
};

/** What a step can do. Input and output are JSON Schemas, also shown in the reference. */
export type Action = {
  id: string;
  description: string;
  schema: { input: JsonObject; output?: JsonObject };
  examples?: { description: string; example: string }[];
  /** whether it runs in a dry run; if not, its outputs are typed stand-ins */
  supportsDryRun: boolean;
  /** it leaves the files of the workspace as they are */
  onlyReads?: boolean;
  /** equal keys mean the same outside effect: a second try finds what the first one made */
  idempotencyKey?(input: JsonObject): string;
  /** outside effects, in words */
  plan?(input: JsonObject): string[];
  /** in a dry run: what is now where the files go, so that differences can be shown; undefined where nothing is yet */
  existing?(context: ActionContext): Promise<Existing | undefined>;
  run(context: ActionContext): Promise<void>;
  /** takes the outside effect back, as far as that can be done */
  undo?(context: ActionContext & { outputs: JsonObject }): Promise<void>;
};

/** Reads an input that its schema has checked. */
export const textOf = (input: JsonObject, key: string): string | undefined =>
  typeof input[key] === 'string' ? input[key] : undefined;

export const text = (description: string): JsonObject => ({ type: 'string', description });
export const flag = (description: string): JsonObject => ({ type: 'boolean', description });
export const list = (items: JsonObject, description: string): JsonObject => ({ type: 'array', items, description });
export const object = (description: string): JsonObject => ({ type: 'object', description });

/** The schema of an action's input or output. */
export const fields = (properties: Record<string, JsonObject>, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});
