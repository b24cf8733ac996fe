import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { ActionServices } from '../actions/action.ts';
import { createActions } from '../actions/registry.ts';
import { folderSource } from '../files/source.ts';
import { openWorkspace, type WorkspaceLimits } from '../files/workspace.ts';
import { parseTemplate } from '../formats/backstage/template.ts';
import { createRenderers, type RendererOptions } from '../language/renderers.ts';
import { executeStep, type RunValues, type StepEvent, type StepResult } from '../run/execute-step.ts';
import { dryRun } from '../run/dry-run.ts';
import type { TemplateDefinition } from '../types.ts';

/** A file by its text or bytes; `link:…` makes a link, a name that ends with `*` an executable. */
export type Files = Record<string, string | Uint8Array>;

export function writeTree(directory: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name.replace(/\*$/, ''));
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string' && content.startsWith('link:')) symlinkSync(content.slice(5), path);
    else writeFileSync(path, content);
    if (name.endsWith('*')) chmodSync(path, 0o755);
  }
}

export const templateOf = (spec: JsonObject): TemplateDefinition => {
  const { template, problems } = parseTemplate({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'example' },
    spec: { type: 'service', steps: [], ...spec },
  });
  if (!template) throw new Error(problems.map(({ message }) => message).join('\n'));
  return template;
};

export type StepOptions = Partial<Omit<RunValues, 'taskId'>> & {
  /** files beside the template */
  files?: Files;
  /** what is in the workspace already */
  workspace?: Files;
  isDryRun?: boolean;
  compare?: boolean;
  hasFailed?: boolean;
  if?: string | boolean;
  each?: JsonValue;
  signal?: AbortSignal;
  limits?: WorkspaceLimits;
  services?: Partial<ActionServices>;
};

/** Renderers, folders and runs for one test file; `close` when it is done. */
export function createEngine(options: RendererOptions = {}) {
  const renderers = createRenderers(options);
  const directory = mkdtempSync(join(tmpdir(), 'callboard-scaffolder-test-'));
  const repositories = join(directory, 'repositories');
  const services: ActionServices = {
    renderers,
    repositories,
    author: { name: 'Portal', email: 'portal@example.com' },
    ownHosts: ['portal.example'],
  };
  let count = 0;
  const folder = (files: Files = {}) => {
    const made = join(directory, `folder-${++count}`);
    mkdirSync(made);
    writeTree(made, files);
    return made;
  };

  return {
    renderers,
    services,
    repositories,
    folder,
    /** Runs one step; gives what became of it and of the workspace. */
    async step(action: string, input: JsonObject, given: StepOptions = {}) {
      const template = templateOf({
        steps: [
          {
            id: 'it',
            action,
            input,
            ...(given.if === undefined ? {} : { if: given.if }),
            ...(given.each === undefined ? {} : { each: given.each }),
          },
        ],
      });
      const workspace = await openWorkspace(folder(given.workspace), given.limits);
      const events: StepEvent[] = [];
      const result: StepResult = await executeStep({
        template,
        step: template.steps[0]!,
        values: { taskId: 't1', parameters: {}, steps: {}, ...given },
        hasFailed: given.hasFailed ?? false,
        isDryRun: given.isDryRun ?? false,
        compare: given.compare,
        actions: createActions(),
        services: { ...services, ...given.services },
        workspace,
        source: folderSource({ directory: folder(given.files) }),
        signal: given.signal ?? new AbortController().signal,
        log: (event) => void events.push(event),
      });
      const files = Object.fromEntries(
        (await workspace.files()).map((file) => [file.path, file.content.toString('utf8')]),
      );
      return { ...result, files, events, workspace, log: events.map(({ message }) => message).join('\n') };
    },
    /** A dry run of a whole template. */
    async dry(spec: JsonObject, values: JsonObject = {}, files: Files = {}, secrets?: Record<string, string>) {
      const source = folderSource({ directory: folder(files) });
      const made = await dryRun({
        template: templateOf(spec),
        values,
        secrets,
        source,
        actions: createActions(),
        services,
      });
      return {
        ...made,
        contents: Object.fromEntries(made.files.map((file) => [file.path, file.content.toString('utf8')])),
      };
    },
    async close() {
      await renderers.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
