/**
 * Templates that run: understands a template, shows its form, says what a run would make, and executes its steps one at a time;
 * `createScaffolder` runs them durably for people, over HTTP.
 */
export type { Action, ActionContext, ActionServices, CatalogServices, StepLog } from './actions/action.ts';
export { type ActionRegistry, createActions } from './actions/registry.ts';
export { sourceOf, type SourceOptions } from './files/source-of.ts';
export { folderSource, gitSource, repositoryOf, type TemplateSource } from './files/source.ts';
export { defaultLimits, openWorkspace, type Workspace, type WorkspaceLimits } from './files/workspace.ts';
export { type Form, formOf, type FormStep } from './formats/backstage/form.ts';
export { adviceFor } from './formats/backstage/known-actions.ts';
export { parseTemplate } from './formats/backstage/template.ts';
export { readTemplateFile, type TemplateDocument } from './formats/backstage/template-file.ts';
export { filterWords, functionWords, type LanguageWord } from './language/filters.ts';
export { createRenderers, type RendererOptions, type Renderers } from './language/renderers.ts';
export { checkValues } from './run/check-values.ts';
export { type DryRun, dryRun, type DryRunRequest, type DryRunStep } from './run/dry-run.ts';
export { executeStep, type RunValues, type StepEvent, type StepRequest, type StepResult } from './run/execute-step.ts';
export { renderOutput } from './run/output.ts';
export { createRedactor, type Redactor } from './run/redact.ts';
export { exampleValues } from './formats/backstage/example-values.ts';
export type { MadeFile, Missing, ParsedTemplate, TemplateDefinition, TemplateStep } from './types.ts';
export { compareFiles, type FileDifference, writeFiles } from './golden.ts';
export { type LoadedTemplate, loadTemplates, parseValues } from './load.ts';
export { createOffline, type Offline } from './offline.ts';
export { scaffolderConfig, type ScaffolderConfig, scaffolderSection } from './config.ts';
export { createScaffolder, type Scaffolder } from './scaffolder.ts';
