import { type Static, Type } from '../schema.ts';
import type { JsonObject } from '../json.ts';
import { closed, optionalText, repeated, time } from './common.ts';

const json = (description: string) => Type.Unsafe<JsonObject>({ type: 'object', description });
const stringMap = (description: string) =>
  Type.Record(Type.String(), Type.String({ maxLength: 65_536 }), { description });

export const runStatuses = ['open', 'processing', 'completed', 'failed', 'cancelled'] as const;
export const stepStatuses = [...runStatuses, 'skipped'] as const;
const runStatus = Type.Unsafe<(typeof runStatuses)[number]>({ type: 'string', enum: [...runStatuses] });
const stepStatus = Type.Unsafe<(typeof stepStatuses)[number]>({ type: 'string', enum: [...stepStatuses] });
export type RunStatus = (typeof runStatuses)[number];
export type StepStatus = (typeof stepStatuses)[number];

/** What went wrong in a run or a dry run, and what to do. */
const failure = Type.Object({
  name: Type.String(),
  message: Type.String(),
  code: optionalText('Stable code, listed in the error reference.'),
  fix: optionalText('The next step.'),
  stepId: optionalText('The step that it ended.'),
});

const secrets = Type.Optional(stringMap('Values that no log shows; they are forgotten when the run ends.'));
const values = Type.Unsafe<JsonObject>({
  type: 'object',
  description: 'What was filled in, as `parameters` of the template.',
});

/** Path of everything about one template. The kind is `template`. */
export const TemplatePath = Type.Object(
  {
    namespace: Type.String({ minLength: 1 }),
    kind: Type.String({ minLength: 1 }),
    name: Type.String({ minLength: 1 }),
  },
  closed,
);
export const TaskPath = Type.Object({ taskId: Type.String({ minLength: 1, maxLength: 100 }) }, closed);

/** GET /api/scaffolder/v2/templates: a template as the gallery shows it. */
export const TemplateSummary = Type.Object({
  ref: Type.String(),
  name: Type.String(),
  namespace: Type.String(),
  title: Type.String(),
  description: optionalText('What it makes.'),
  type: Type.String({ description: '`spec.type`: the category.' }),
  tags: Type.Array(Type.String()),
  owner: optionalText('Canonical ref.'),
  ownerLabel: optionalText('What people call the owner.'),
  lifecycle: optionalText('`spec.lifecycle`.'),
  links: Type.Array(
    Type.Object({ url: Type.String(), title: optionalText('Its words.'), icon: optionalText('Its icon.') }),
  ),
  minutesSaved: Type.Optional(Type.Integer({ description: '`backstage.io/time-saved`, in minutes.' })),
  runs: Type.Integer({ description: 'Runs that are kept.' }),
  completed: Type.Integer({ description: 'Of these, the completed ones.' }),
  lastRunAt: Type.Optional(time('When it was last run.')),
  problem: optionalText('Why it cannot run, when it cannot.'),
});
export type TemplateSummary = Static<typeof TemplateSummary>;
export const TemplateSummaries = Type.Object({ items: Type.Array(TemplateSummary) });
export type TemplateSummaries = Static<typeof TemplateSummaries>;

/** GET …/parameter-schema: the form of a template. */
export const TemplateParameterSchema = Type.Object({
  title: Type.String(),
  description: optionalText('What it makes.'),
  'ui:options': Type.Optional(json('`metadata["ui:options"]`.')),
  presentation: Type.Optional(json('Words of the buttons.')),
  steps: Type.Array(
    Type.Object({
      title: Type.String(),
      description: optionalText('Below the title.'),
      schema: json('JSON Schema with its `ui:` keys.'),
      isShown: Type.Optional(Type.Boolean({ description: 'false while the condition of the page does not hold.' })),
    }),
  ),
  secrets: Type.Optional(json('JSON Schema of the secrets that a run needs.')),
  formDecorators: Type.Optional(Type.Array(Type.Unsafe<JsonObject>({ type: 'object' }))),
});
export type TemplateParameterSchema = Static<typeof TemplateParameterSchema>;

/** POST …/form: the form again, computed from what was answered so far. */
export const TemplateFormBody = Type.Object(
  {
    answers: Type.Unsafe<JsonObject>({ type: 'object', description: 'What was filled in so far, of all pages.' }),
    flags: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100, description: 'Feature flags that are on.' }),
    ),
  },
  closed,
);
export type TemplateFormBody = Static<typeof TemplateFormBody>;

/** POST …/options: what a field with `ui:options: { from: … }` offers. */
export const FieldOptionsBody = Type.Object(
  {
    field: Type.String({
      minLength: 1,
      maxLength: 400,
      description: 'Path of the property, such as `region` or `database.size`.',
    }),
    answers: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', description: 'What was filled in so far.' })),
    search: Type.Optional(
      Type.String({ maxLength: 200, description: 'Only options that have this in their value or label.' }),
    ),
  },
  closed,
);
export type FieldOptionsBody = Static<typeof FieldOptionsBody>;
export const FieldOption = Type.Object({ value: Type.Unknown(), label: Type.String() });
export type FieldOption = Static<typeof FieldOption>;
export const FieldOptionsResponse = Type.Object({
  options: Type.Array(FieldOption),
  isComplete: Type.Boolean({ description: 'false when there are more than are given.' }),
});
export type FieldOptionsResponse = Static<typeof FieldOptionsResponse>;

/** POST /api/scaffolder/v2/tasks */
export const CreateTaskBody = Type.Object(
  { templateRef: Type.String({ minLength: 1, maxLength: 400 }), values, secrets },
  closed,
);
export type CreateTaskBody = Static<typeof CreateTaskBody>;
export const TaskCreated = Type.Object({ id: Type.String() });
export type TaskCreated = Static<typeof TaskCreated>;

/** 400 of values that do not fit: Backstage's `errors` beside our envelope. */
export const ValuesInvalidResponse = Type.Object({
  errors: Type.Array(
    Type.Object({
      path: Type.Array(Type.Unsafe<string | number>({ type: ['string', 'integer'] })),
      property: Type.String({ description: '`instance.name`.' }),
      message: Type.String(),
      schema: Type.Unknown(),
      instance: Type.Unknown(),
      name: Type.String({ description: 'Keyword of the schema.' }),
      argument: Type.Unknown(),
      stack: Type.String({ description: 'The path and the message in one line.' }),
    }),
  ),
});
export type ValuesInvalidResponse = Static<typeof ValuesInvalidResponse>;

export const ListTasksQuery = Type.Object(
  {
    createdBy: repeated('Only runs of these people, by ref.'),
    status: repeated('Only runs with one of these states.'),
    template: repeated('Only runs of these templates, by ref.'),
    limit: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1000, description: 'How many to return at most; 100 when absent.' }),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'How many to skip.' })),
    order: repeated('`asc:created_at`, `desc:status`, `asc:created_by` …; newest first when absent.'),
  },
  closed,
);
export type ListTasksQuery = Static<typeof ListTasksQuery>;

const stepState = Type.Object({
  id: Type.String(),
  name: Type.String(),
  action: Type.String(),
  status: stepStatus,
  startedAt: Type.Optional(time('When it began.')),
  endedAt: Type.Optional(time('When it ended.')),
  attempts: Type.Integer({ description: 'How often it was begun.' }),
  undone: Type.Optional(Type.Boolean({ description: 'Its outside effect was taken back.' })),
});

/** A run. The first fields are Backstage's; the rest is what its page needs. */
export const SerializedTask = Type.Object({
  id: Type.String(),
  spec: json('What runs: parameters, steps, output, user, templateInfo.'),
  status: runStatus,
  createdAt: time('When.'),
  lastHeartbeatAt: Type.Optional(time('When it was last heard of.')),
  createdBy: optionalText('Ref of who began it.'),
  endedAt: Type.Optional(time('When it ended.')),
  template: Type.Object({
    ref: Type.String(),
    title: Type.String(),
    version: optionalText('Commit of the template, or a hash of its files.'),
  }),
  minutesSaved: Type.Optional(Type.Integer()),
  steps: Type.Optional(Type.Array(stepState, { description: 'Of one run, not in lists.' })),
  output: Type.Optional(json('`links`, `text` and values, once it is completed.')),
  error: Type.Optional(failure),
  entityRefs: Type.Array(Type.String(), { description: 'What it brought into the catalog.' }),
  hasWorkspace: Type.Boolean({ description: 'The files can be downloaded.' }),
  mayCancel: Type.Boolean(),
  mayRetry: Type.Boolean(),
  mayRollBack: Type.Boolean({ description: 'Steps have effects that can be taken back.' }),
  needsSecrets: Type.Optional(
    Type.Array(Type.String(), { description: 'Names of the secrets that a retry needs again.' }),
  ),
  rollback: Type.Optional(
    Type.Object({ status: runStatus, at: time('When it was asked for or ended.'), error: Type.Optional(failure) }),
  ),
});
export type SerializedTask = Static<typeof SerializedTask>;
export const ListTasksResponse = Type.Object({ tasks: Type.Array(SerializedTask), totalTasks: Type.Integer() });
export type ListTasksResponse = Static<typeof ListTasksResponse>;

export const TaskEventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER, description: 'Only events with a higher id.' }),
    ),
  },
  closed,
);

/** An event of a run: `log` while it runs, and at its end `completion` (also when it failed or was cancelled). */
export const SerializedTaskEvent = Type.Object({
  id: Type.Integer(),
  isTaskRecoverable: Type.Optional(Type.Boolean()),
  taskId: Type.String(),
  type: Type.Unsafe<'log' | 'completion' | 'cancelled' | 'recovered'>({
    type: 'string',
    enum: ['log', 'completion', 'cancelled', 'recovered'],
  }),
  createdAt: time('When.'),
  body: Type.Object({
    message: Type.String(),
    stepId: optionalText('The step that says it.'),
    status: Type.Optional(stepStatus),
    level: Type.Optional(Type.Unsafe<'info' | 'warn' | 'error'>({ type: 'string', enum: ['info', 'warn', 'error'] })),
    output: Type.Optional(json('Of a completion.')),
    error: Type.Optional(failure),
  }),
});
export type SerializedTaskEvent = Static<typeof SerializedTaskEvent>;
export const TaskEvents = Type.Array(SerializedTaskEvent);

export const TaskCancelled = Type.Object({ status: runStatus });
/** Body of retry and rollback: both may need the secrets again. */
export const TaskSecretsBody = Type.Object({ secrets }, closed);
export type TaskSecretsBody = Static<typeof TaskSecretsBody>;

/** GET …/tasks/{taskId}/files: what the run made. */
export const TaskFiles = Type.Object({
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      size: Type.Integer(),
      hash: Type.String({ description: 'SHA-256 in hexadecimal.' }),
      executable: Type.Boolean(),
    }),
  ),
});
export type TaskFiles = Static<typeof TaskFiles>;

const usageExample = Type.Object({
  description: optionalText('What it shows.'),
  example: Type.String(),
  notes: optionalText('What to know.'),
});

export const ActionDescription = Type.Object({
  id: Type.String(),
  description: optionalText('What it does.'),
  examples: Type.Optional(Type.Array(Type.Object({ description: Type.String(), example: Type.String() }))),
  schema: Type.Optional(
    Type.Object({ input: Type.Optional(json('JSON Schema.')), output: Type.Optional(json('JSON Schema.')) }),
  ),
  supportsDryRun: Type.Optional(Type.Boolean()),
});
export type ActionDescription = Static<typeof ActionDescription>;
export const ListActionsResponse = Type.Array(ActionDescription);
export type ListActionsResponse = Static<typeof ListActionsResponse>;

const extension = Type.Object({
  description: optionalText('What it does.'),
  schema: Type.Optional(Type.Unknown()),
  examples: Type.Optional(Type.Array(usageExample)),
});
export const ListTemplatingExtensionsResponse = Type.Object({
  filters: Type.Record(Type.String(), extension),
  globals: Type.Object({
    functions: Type.Record(Type.String(), extension),
    values: Type.Record(
      Type.String(),
      Type.Object({ description: optionalText('What it is.'), value: Type.Unknown() }),
    ),
  }),
});
export type ListTemplatingExtensionsResponse = Static<typeof ListTemplatingExtensionsResponse>;

const uploaded = Type.Array(
  Type.Object({ path: Type.String({ minLength: 1, maxLength: 1000 }), base64Content: Type.String() }, closed),
  { maxItems: 5000, description: 'The folder of the template, or one around it.' },
);
const templatePath = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 1000,
    description: 'Where the file of the template is in directoryContents; template.yaml when absent.',
  }),
);

/** POST /api/scaffolder/v2/dry-run: a template that is being written, with its folder. 10 MB at most. */
export const DryRunBody = Type.Object(
  {
    template: Type.Unsafe<JsonObject>({ type: 'object', description: 'The Template entity.' }),
    values,
    secrets,
    directoryContents: uploaded,
    path: templatePath,
  },
  closed,
);
export type DryRunBody = Static<typeof DryRunBody>;

/** POST …/plan: what a run with these values would do. */
export const PlanBody = Type.Object(
  {
    values,
    secrets,
    compare: Type.Optional(
      Type.Boolean({ description: 'Whether repositories that exist are read, to say what would change in them.' }),
    ),
  },
  closed,
);
export type PlanBody = Static<typeof PlanBody>;

/** What a run would do, as far as it can be known. */
export const DryRunResponse = Type.Object({
  log: Type.Array(
    Type.Object({
      body: Type.Object({
        message: Type.String(),
        stepId: optionalText('The step that says it.'),
        status: Type.Optional(stepStatus),
        level: Type.Optional(
          Type.Unsafe<'info' | 'warn' | 'error'>({ type: 'string', enum: ['info', 'warn', 'error'] }),
        ),
      }),
    }),
  ),
  directoryContents: Type.Array(
    Type.Object({ path: Type.String(), base64Content: Type.String(), executable: Type.Boolean() }),
  ),
  output: json('Links, texts and values at its end.'),
  steps: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      action: Type.String(),
      status: stepStatus,
      error: Type.Optional(failure),
    }),
  ),
  effects: Type.Array(Type.String(), { description: 'What it would do outside, in words, in their order.' }),
  changes: Type.Array(
    Type.Object({
      step: Type.String(),
      place: Type.String({ description: 'The repository, as people know it.' }),
      branch: optionalText('The branch that is compared with.'),
      same: Type.Integer({ description: 'How many files are there already, as they would be.' }),
      files: Type.Array(
        Type.Object({
          path: Type.String(),
          kind: Type.Unsafe<'added' | 'changed'>({ type: 'string', enum: ['added', 'changed'] }),
          executable: Type.Boolean(),
          base64Content: Type.String(),
          base64Before: optionalText('What is there now.'),
        }),
      ),
    }),
    { description: 'What it would change in repositories that exist.' },
  ),
  missing: Type.Array(
    Type.Object({
      step: Type.String(),
      action: optionalText('The action that nothing here brings.'),
      value: optionalText('The value, file or address that cannot be known.'),
      reason: Type.String(),
      fix: optionalText('The next step.'),
    }),
  ),
  warnings: Type.Array(Type.String()),
  error: Type.Optional(failure),
});
export type DryRunResponse = Static<typeof DryRunResponse>;

/** POST /api/scaffolder/v2/preview: the faults and the form of a template that is being written. */
export const TemplatePreviewBody = Type.Object(
  {
    text: Type.String({ maxLength: 1_000_000, description: 'The file with the template, as YAML.' }),
    directoryContents: Type.Optional(uploaded),
    path: templatePath,
    answers: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object' })),
  },
  closed,
);
export type TemplatePreviewBody = Static<typeof TemplatePreviewBody>;
export const TemplatePreviewResponse = Type.Object({
  templates: Type.Array(
    Type.Object({
      template: json('The entity, with its placeholders put in: what dry-run takes.'),
      form: Type.Optional(TemplateParameterSchema),
    }),
  ),
  problems: Type.Array(
    Type.Object({
      code: Type.String(),
      severity: Type.Unsafe<'error' | 'warning' | 'information'>({ enum: ['error', 'warning', 'information'] }),
      message: Type.String(),
      fix: Type.String(),
      line: Type.Optional(Type.Integer()),
      column: Type.Optional(Type.Integer()),
      path: optionalText('JSON pointer into the template.'),
    }),
  ),
});
export type TemplatePreviewResponse = Static<typeof TemplatePreviewResponse>;

/** GET …/templates/{namespace}/{kind}/{name}/source: the folder of a template and what it names outside, to begin editing with. */
export const TemplateSourceResponse = Type.Object({
  path: Type.String({ description: 'The file with the template among the files.' }),
  version: optionalText('Commit of the template, or a hash of its files.'),
  files: Type.Array(Type.Object({ path: Type.String(), base64Content: Type.String(), executable: Type.Boolean() })),
  isComplete: Type.Boolean({ description: 'false when there is more than is given.' }),
});
export type TemplateSourceResponse = Static<typeof TemplateSourceResponse>;

export const AutocompletePath = Type.Object(
  { provider: Type.String({ minLength: 1 }), resource: Type.String({ minLength: 1 }) },
  closed,
);
export const AutocompleteBody = Type.Object(
  { token: Type.String({ maxLength: 10_000 }), context: stringMap('What the resource depends on.') },
  closed,
);
export const AutocompleteResponse = Type.Object({
  results: Type.Array(Type.Object({ id: Type.String(), title: optionalText('What people call it.') })),
});
export type AutocompleteResponse = Static<typeof AutocompleteResponse>;

/** GET /api/scaffolder/v2/made/{namespace}/{kind}/{name}: the run that made an entity. */
export const MadeByResponse = Type.Object({
  taskId: Type.String(),
  templateRef: Type.String(),
  templateVersion: optionalText('Commit of the template, or a hash of its files.'),
  createdAt: time('When.'),
  createdBy: optionalText('Ref of who began it.'),
});
export type MadeByResponse = Static<typeof MadeByResponse>;
