import type { JsonObject } from '@callboard/model';
import { createActions } from './actions/registry.ts';
import type { TemplateSource } from './files/source.ts';
import { createRenderers, type Renderers } from './language/renderers.ts';
import { type DryRun, dryRun } from './run/dry-run.ts';
import { exampleValues } from './formats/backstage/example-values.ts';
import type { TemplateDefinition } from './types.ts';

/** Dry runs without a portal: no catalog, no network, no secrets. */
export type Offline = {
  renderers: Renderers;
  /** `against` is a folder that stands for the repository that files go to */
  run(
    template: TemplateDefinition,
    source: TemplateSource,
    values: JsonObject,
    options?: { against?: string },
  ): Promise<DryRun>;
  /** values made from the form's schema; `all` fills in what may stay empty, too */
  example(template: TemplateDefinition, all?: boolean): Promise<{ values: JsonObject; faults: string[] }>;
  close(): Promise<void>;
};

/** Makes what `callboard template` and the comparison with real templates stand on. */
export function createOffline(): Offline {
  const renderers = createRenderers({ processes: 1, time: '2000-01-01T00:00:00.000Z' });
  // Something will be rendered: the process begins to start while the template is read.
  renderers.ready();
  const actions = createActions();
  const services = { renderers, author: { name: 'Callboard', email: 'callboard@localhost' }, ownHosts: [] };
  return {
    renderers,
    run: (template, source, values, { against } = {}) =>
      dryRun({ template, source, values, actions, services, against, user: { ref: 'user:default/guest' } }),
    example: (template, all) => exampleValues(template, renderers, all),
    close: () => renderers.close(),
  };
}
