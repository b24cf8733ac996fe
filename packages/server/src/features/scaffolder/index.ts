/**
 * Templates that run: understands a template, shows its form, says what a run would make, and executes its steps one at a time;
 * `createScaffolder` runs them durably for people, over HTTP.
 */
export type { Action, ActionContext, ActionServices, CatalogServices, StepLog } from './actions/action.ts';
export { withFiles } from './actions/plugin-files.ts';
export { type ActionRegistry, createActions } from './actions/registry.ts';
export { scaffolderConfig, type ScaffolderConfig, scaffolderSection } from './config.ts';
export { type Form, formOf, type FormStep } from './formats/backstage/form.ts';
export { compareFiles, type FileDifference, writeFiles } from './golden.ts';
export { type LoadedTemplate, loadTemplates, parseValues } from './load.ts';
export { createOffline, type Offline } from './offline.ts';
export type { DryRun } from './run/dry-run.ts';
export { createScaffolder, type Scaffolder } from './scaffolder.ts';
