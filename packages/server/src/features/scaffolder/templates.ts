import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Entity,
  isJsonObject,
  type JsonObject,
  parseEntityRef,
  RefError,
  stringifyEntityRef,
} from '@callboard/model';
import type { EntityPredicate } from '../../core/predicate/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { scaffolderErrors } from './errors.ts';
import { inBatches } from './files/batches.ts';
import type { TemplateSource } from './files/source.ts';
import { listEntries } from './files/workspace.ts';
import { parseTemplate } from './formats/backstage/template.ts';
import type { ParsedTemplate, TemplateDefinition } from './types.ts';

/** A template of the catalog. */
export type FoundTemplate = ParsedTemplate & {
  ref: string;
  entity: Entity;
  location: string;
  owner: string | null;
  ownerLabel: string | null;
};

const kind = 'template';
const mostFiles = 2000;
const mostBytes = 20 * 1024 * 1024;
const pageSize = 500;

/** Brings a ref of a template into canonical form; throws SCAFFOLDER_TEMPLATE_MISSING for what is none. */
export function templateRef(text: string | { kind: string; namespace: string; name: string }): string {
  try {
    const ref = typeof text === 'string' ? parseEntityRef(text, { defaultKind: kind }) : text;
    if (ref.kind.toLowerCase() === kind) return stringifyEntityRef(ref);
  } catch (error) {
    if (!(error instanceof RefError)) throw error;
  }
  throw scaffolderErrors.templateMissing({ ref: typeof text === 'string' ? text : stringifyEntityRef(text) });
}

const hashOf = (entity: Entity) => {
  const { apiVersion, spec, metadata } = entity;
  return createHash('sha256').update(JSON.stringify([apiVersion, metadata.name, spec]));
};

/** The templates that the catalog has. */
export function createTemplates(catalog: CatalogReading) {
  const toTemplate = ({
    ref,
    body,
    owner,
    ownerLabel,
  }: Awaited<ReturnType<CatalogReading['describe']>>[number]): FoundTemplate => {
    const entity = JSON.parse(body) as Entity;
    const location = String(entity.metadata.annotations?.['backstage.io/managed-by-location'] ?? '');
    return {
      ...parseTemplate(entity as unknown as JsonObject, { location }),
      ref,
      entity,
      location,
      owner,
      ownerLabel,
    };
  };

  return {
    /**
     * @param scope - what whoever asks may see of the catalog
     * @throws AppError SCAFFOLDER_TEMPLATE_MISSING also for one that may not be seen
     */
    async find(ref: string, scope: EntityPredicate | undefined): Promise<FoundTemplate> {
      const canonical = templateRef(ref);
      const visible = scope === undefined ? [canonical] : await catalog.matching([canonical], scope);
      const [found] = await catalog.describe(visible);
      if (!found) throw scaffolderErrors.templateMissing({ ref: canonical });
      return toTemplate(found);
    },
    /** The same, when it can run. */
    async runnable(
      ref: string,
      scope: EntityPredicate | undefined,
    ): Promise<FoundTemplate & { template: TemplateDefinition }> {
      const found = await this.find(ref, scope);
      const fault = found.problems.find(({ severity }) => severity === 'error');
      if (!found.template || fault)
        throw scaffolderErrors.templateInvalid(
          { template: found.ref, fault: fault?.message ?? 'it has no steps' },
          { details: { problems: found.problems } },
        );
      return { ...found, template: found.template };
    },
    /** All that somebody may see. */
    async all(scope: EntityPredicate | undefined): Promise<FoundTemplate[]> {
      const templates: FoundTemplate[] = [];
      const isTemplate: EntityPredicate = { key: 'kind', in: [kind] };
      const wanted: EntityPredicate = scope === undefined ? isTemplate : { all: [isTemplate, scope] };
      for (let after: string | undefined; ;) {
        const refs = await catalog.refs(after, pageSize, wanted);
        templates.push(...(await catalog.describe(refs)).map(toTemplate));
        if (refs.length < pageSize) return templates;
        after = refs.at(-1)!;
      }
    },
    /** The person as the expressions of templates see them. */
    async person(ref: string): Promise<{ ref: string; entity?: JsonObject }> {
      const [found] = await catalog.describe([ref]);
      return found ? { ref, entity: JSON.parse(found.body) as JsonObject } : { ref };
    },
  };
}

export type Templates = ReturnType<typeof createTemplates>;

/** What stands for the exact state of a template: its commit, else a hash of its files, else of what its entity says. */
export async function versionOf(source: TemplateSource, { entity, location }: FoundTemplate): Promise<string> {
  if (source.version !== undefined) return source.version;
  const hash = hashOf(entity);
  if (location.startsWith('file:')) {
    const directory = await source.folder('.').catch(() => undefined);
    const files =
      directory === undefined
        ? []
        : (await listEntries(directory, mostFiles).catch(() => [])).filter((path) => !path.endsWith('/'));
    let bytes = 0;
    const read = await inBatches(files, async (path) => {
      const info = await stat(join(directory!, path)).catch(() => undefined);
      if (!info?.isFile() || (bytes += info.size) > mostBytes) return Buffer.alloc(0);
      return readFile(join(directory!, path)).catch(() => Buffer.alloc(0));
    });
    for (const [index, path] of files.entries()) hash.update(`\0${path}\0`).update(read[index]!);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** A property of a template's form by its path, through the pages. */
export function fieldOf(template: TemplateDefinition, path: string): JsonObject | undefined {
  const keys = path.split('.');
  const below = (schema: unknown, rest: string[]): JsonObject | undefined => {
    if (!isJsonObject(schema)) return undefined;
    if (rest.length === 0) return schema;
    const [key, ...further] = rest as [string, ...string[]];
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    const direct = Object.hasOwn(properties, key) ? below(properties[key], further) : undefined;
    if (direct) return direct;
    const inner = [
      schema.then,
      schema.else,
      schema.items,
      ...['allOf', 'anyOf', 'oneOf'].flatMap((word) => schema[word] ?? []),
    ];
    const dependent = isJsonObject(schema.dependencies) ? Object.values(schema.dependencies) : [];
    for (const part of [...inner, ...dependent]) {
      const found = below(part, rest);
      if (found) return found;
    }
    return undefined;
  };
  for (const page of template.parameters) {
    const found = below(page, keys);
    if (found) return found;
  }
  return undefined;
}
