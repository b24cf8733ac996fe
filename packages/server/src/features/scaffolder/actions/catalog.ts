import { isJsonObject, type JsonObject, type JsonValue, parseEntityRef, stringifyEntityRef } from '@callboard/model';
import { stringify } from 'yaml';
import { scaffolderErrors } from '../errors.ts';
import { type Action, type ActionContext, fields, flag, list, object, text, textOf } from './action.ts';
import { words } from '../words.ts';

const none = (context: ActionContext) =>
  scaffolderErrors.actionFailed({ action: 'catalog', step: context.step.id, reason: 'there is no catalog here' });

async function fetchEntities(context: ActionContext, refs: string[]): Promise<JsonValue[]> {
  const { input, services, isDryRun } = context;
  const { defaultKind, defaultNamespace } = input as { defaultKind?: string; defaultNamespace?: string };
  const canonical = refs.map((ref) => stringifyEntityRef(parseEntityRef(ref, { defaultKind, defaultNamespace })));
  if (!services.catalog && !isDryRun) throw none(context);
  const found = services.catalog ? await services.catalog.entities(canonical) : [];
  return refs.map((ref, index) => {
    const entity = found[index];
    if (entity) return entity as unknown as JsonValue;
    if (input.optional === true) return null;
    const error = scaffolderErrors.entityMissing({ ref });
    if (!isDryRun) throw error;
    context.miss({
      value: ref,
      reason: services.catalog ? error.message : `${ref} is in the catalog of the portal`,
      fix: error.fix,
    });
    const { kind, namespace, name } = parseEntityRef(canonical[index] as string);
    return knownOf({ kind, namespace: namespace ?? 'default', name });
  });
}

/** What can be said of an entity that is not here: what every one has, its place as an example. The rest renders to nothing. */
function knownOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): JsonObject {
  const place = 'https://example.com/owner/repository';
  const descriptor = `${place}/blob/main/catalog-info.yaml`;
  return {
    kind,
    metadata: {
      name,
      namespace,
      annotations: {
        'backstage.io/managed-by-location': `url:${descriptor}`,
        'backstage.io/managed-by-origin-location': `url:${descriptor}`,
        'backstage.io/source-location': `url:${place}/tree/main/`,
        'backstage.io/view-url': descriptor,
        'backstage.io/edit-url': descriptor.replace('/blob/', '/edit/'),
      },
    },
    spec: {},
  };
}

/** `https://host/o/r/tree/main/` and `/catalog-info.yaml` give the page of the file. */
function fileAddress(contents: string, path: string): string {
  const plain = path.replace(/^\/+/, '');
  if (!URL.canParse(contents) || /^(file|git):/.test(contents)) return `${contents.replace(/\/+$/, '')}/${plain}`;
  const url = new URL(contents);
  if (url.searchParams.has('path')) {
    url.searchParams.set('path', `/${plain}`);
    return url.href;
  }
  url.pathname = `${url.pathname.replace(/\/(tree|src)\//, '/blob/').replace(/\/+$/, '')}/${plain}`;
  return url.href;
}

const optional = flag('Whether it may be missing');

/** The actions that read, write and register entities. */
export const catalogActions: Action[] = [
  {
    id: 'catalog:fetch',
    onlyReads: true,
    description: 'Reads one entity or several from the catalog.',
    supportsDryRun: true,
    schema: {
      input: fields({
        entityRef: text('The entity'),
        entityRefs: list(text('An entity'), 'The entities'),
        optional,
        defaultKind: text('The kind of refs that say none'),
        defaultNamespace: text('The namespace of refs that say none'),
      }),
      output: fields({ entity: object('The entity'), entities: list(object('An entity'), 'The entities') }),
    },
    examples: [{ description: 'The owner', example: 'entityRef: ${{ parameters.owner }}\ndefaultKind: Group' }],
    async run(context) {
      const { input, output } = context;
      const ref = textOf(input, 'entityRef');
      const refs = input.entityRefs as string[] | undefined;
      if (!ref && !refs) {
        if (input.optional === true) return;
        throw scaffolderErrors.actionFailed({
          action: 'catalog:fetch',
          step: context.step.id,
          reason: 'Missing entity reference or references',
        });
      }
      if (ref) output('entity', (await fetchEntities(context, [ref]))[0] ?? null);
      if (refs) output('entities', await fetchEntities(context, refs));
    },
  },
  {
    id: 'catalog:register',
    onlyReads: true,
    description: 'Adds what a descriptor describes to the catalog.',
    supportsDryRun: false,
    schema: {
      input: fields({
        catalogInfoUrl: text('The address of the descriptor'),
        repoContentsUrl: text('The address of the repository’s files, as publishing gives it'),
        catalogInfoPath: text('The descriptor in it; /catalog-info.yaml when absent'),
        optional,
      }),
      output: fields({
        entityRef: text('The component, or else the first entity'),
        catalogInfoUrl: text('The address'),
      }),
    },
    examples: [
      { description: 'What was published', example: 'repoContentsUrl: ${{ steps.publish.output.repoContentsUrl }}' },
    ],
    plan: (input) => [
      `Adds ${words(input.catalogInfoUrl ?? `${words(input.catalogInfoPath ?? '/catalog-info.yaml')} of the repository`)} to the catalog`,
    ],
    idempotencyKey: (input) => JSON.stringify([input.catalogInfoUrl, input.repoContentsUrl, input.catalogInfoPath]),
    async run(context) {
      const { input, services, output, log } = context;
      if (!services.catalog) throw none(context);
      const contents = textOf(input, 'repoContentsUrl');
      const address =
        textOf(input, 'catalogInfoUrl') ??
        (contents && fileAddress(contents, textOf(input, 'catalogInfoPath') ?? '/catalog-info.yaml'));
      if (!address)
        throw scaffolderErrors.inputInvalid({
          action: 'catalog:register',
          step: context.step.id,
          faults: 'catalogInfoUrl or repoContentsUrl is required',
        });
      log(`Registering ${address} in the catalog`);
      const entities = await services.catalog.register(address, {
        optional: input.optional === true,
        signal: context.signal,
      });
      const own = entities.filter(({ name }) => !name.startsWith('generated-'));
      const chosen = own.find(({ kind }) => kind.toLowerCase() === 'component') ?? own[0] ?? entities[0];
      if (chosen) output('entityRef', chosen.ref);
      output('catalogInfoUrl', address);
    },
    async undo({ services, outputs, log }) {
      const address = words(outputs.catalogInfoUrl);
      const isGone = await services.catalog?.unregister?.(address);
      log(isGone ? `Took ${address} out of the catalog` : `${address} is not registered`);
    },
  },
  {
    id: 'catalog:write',
    description: 'Writes a descriptor into the workspace.',
    supportsDryRun: true,
    schema: {
      input: fields({ filePath: text('catalog-info.yaml when absent'), entity: object('The entity') }, ['entity']),
    },
    examples: [
      { description: 'A component', example: 'entity:\n  apiVersion: backstage.io/v1alpha1\n  kind: Component' },
    ],
    async run({ input, template, workspace, log }) {
      const path = textOf(input, 'filePath') ?? 'catalog-info.yaml';
      const entity = input.entity as JsonObject;
      const metadata = isJsonObject(entity.metadata) ? entity.metadata : {};
      const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {};
      log(`Writing ${path}`);
      const made = {
        ...entity,
        metadata: { ...metadata, annotations: { ...annotations, 'backstage.io/source-template': template.ref } },
      };
      await workspace.write(path, stringify(made));
    },
  },
];
