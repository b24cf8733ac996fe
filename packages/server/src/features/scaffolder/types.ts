import type { JsonObject, JsonValue, Problem } from '@callboard/model';

/** One step of a template as it is written, with its defaults filled in. */
export type TemplateStep = {
  id: string;
  name: string;
  action: string;
  input?: JsonObject;
  if?: string | boolean;
  each?: JsonValue;
  /** `backstage:permissions.tags` */
  permissionTags: string[];
};

/** A template that can run. */
export type TemplateDefinition = {
  /** canonical ref of its entity */
  ref: string;
  name: string;
  title: string;
  description?: string;
  tags: string[];
  type: string;
  owner?: string;
  lifecycle?: string;
  /** one object per page of the form, as written */
  parameters: JsonObject[];
  /** JSON Schema of the secrets that a run needs */
  secretsSchema?: JsonObject;
  presentation?: JsonObject;
  formDecorators: JsonObject[];
  /** `metadata['ui:options']` */
  uiOptions?: JsonObject;
  steps: TemplateStep[];
  output: JsonObject;
  /** what a run does after the portal was killed, as old templates say it: none or startOver */
  recovery?: string;
  /** `backstage.io/time-saved`, in minutes */
  minutesSaved?: number;
  /** what the entity's metadata says, for actions that ask */
  metadata: JsonObject;
};

/** A template as far as it can be understood, with everything that is wrong with it. */
export type ParsedTemplate = { template?: TemplateDefinition; problems: Problem[] };

/** What a step, a value or a file still needs before it can be known. */
export type Missing = {
  step: string;
  /** the action, when nothing here brings it */
  action?: string;
  /** the value, file or address that cannot be known */
  value?: string;
  reason: string;
  fix?: string;
};

/** A file that a run would make. */
export type MadeFile = { path: string; content: Buffer; executable: boolean; symlink: boolean };

/** A file that is new in a place, or other than what is there now. */
export type FileChange = {
  path: string;
  kind: 'added' | 'changed';
  before?: Buffer;
  content: Buffer;
  executable: boolean;
};

/** What a step would change in a repository that exists; what it does not name stays as it is. */
export type Comparison = {
  step: string;
  /** the repository or folder, as people know it */
  place: string;
  branch?: string;
  changes: FileChange[];
  /** how many files are there already, as they would be */
  same: number;
};
