import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  builtInKinds,
  type Entity,
  envelopeSchemas,
  type Fault,
  type JsonObject,
  type KindDefinition,
  type KindLookup,
  type KindVariant,
  relationPairs,
  type RelationRule,
  showValue,
} from '@callboard/model';
import { defineErrors } from '../../core/errors/index.ts';
import { checkKindDefinitions } from './kind-definitions.ts';
import { schemaFaults } from './schema-faults.ts';

const errors = defineErrors('CATALOG', {
  kindsInvalid: {
    name: 'InputError',
    message: 'catalog.kinds has {count}: {list}',
    fix: 'Correct catalog.kinds in the configuration; each entry has kind, apiVersions, schema and relations.',
  },
});

/** A kind as the configuration writes it: like a definition, with what may be left out. */
export type KindInput = Omit<KindDefinition, 'schema' | 'relations' | 'variants'> & {
  schema: Record<string, unknown>;
  relations?: RelationRule[];
  variants?: (Omit<KindVariant, 'schema'> & { schema: Record<string, unknown> })[];
};

type Described = Pick<Entity, 'apiVersion' | 'kind' | 'spec'>;

/** What a kind says about one entity. */
export type KindVerdict = { recognised: boolean; faults: Fault[] };

/** Every kind the catalog knows, built in or configured, with what is needed to check and relate entities. */
export type KindRegistry = KindLookup & {
  all: KindDefinition[];
  /** the definition for this kind and version, both matched exactly */
  find(entity: Pick<Entity, 'apiVersion' | 'kind'>): KindDefinition | undefined;
  /** the other name of a relation; undefined for a type that no kind makes */
  inverseOf(type: string): string | undefined;
  /** whether edges are stored under this name; the other name of the pair is derived */
  isStored(type: string): boolean;
  /** checks an entity against the schema of its kind and type; relations and envelope are checked elsewhere */
  validate(entity: Described): KindVerdict;
};

const compile = (schema: JsonObject): ValidateFunction => {
  const options = { allErrors: true, strict: false, validateFormats: false, logger: false, verbose: true } as const;
  const dialect = typeof schema.$schema === 'string' ? schema.$schema : '';
  const ajv = /2019-09|2020-12/.test(dialect) ? new Ajv2020(options) : new Ajv(options);
  return ajv.addSchema(envelopeSchemas, undefined, undefined, true).compile(schema);
};

const nearest = (all: KindDefinition[], entity: Described): KindDefinition | undefined => {
  const same = all.filter((kind) => kind.kind.toLowerCase() === entity.kind.toLowerCase());
  return same.find((kind) => kind.apiVersions.includes(entity.apiVersion)) ?? same[0];
};

const unknownKind = (all: KindDefinition[], entity: Described): Fault => {
  const near = nearest(all, entity);
  const base = {
    code: 'CATALOG_DESCRIPTOR_KIND_UNKNOWN',
    message: `No kind ${showValue(entity.kind)} with apiVersion ${showValue(entity.apiVersion)} is known.`,
  };
  if (near && near.kind !== entity.kind)
    return {
      ...base,
      path: '/kind',
      expected: near.kind,
      found: showValue(entity.kind),
      fix: `Write the kind as ${near.kind}.`,
    };
  if (near) {
    const versions = near.apiVersions.join(' or ');
    return {
      ...base,
      path: '/apiVersion',
      expected: versions,
      found: showValue(entity.apiVersion),
      fix: `Use ${versions}, or, if this is a kind of another product, keep the file out of the catalog or describe the kind in catalog.kinds.`,
    };
  }
  return {
    ...base,
    path: '/kind',
    expected: [...new Set(all.map((kind) => kind.kind))].join(', '),
    found: showValue(entity.kind),
    fix: 'Use one of the known kinds, or describe this kind in catalog.kinds of the configuration.',
  };
};

/**
 * Joins the built-in kinds with those of the configuration and makes them usable. Validators are compiled on first use.
 *
 * @param custom - `catalog.kinds`
 * @throws AppError listing every mistake in the definitions
 */
export function createKinds(custom: KindInput[] = []): KindRegistry {
  const mistakes = checkKindDefinitions(custom, compile);
  if (mistakes.length > 0)
    throw errors.kindsInvalid(
      {
        count: mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`,
        list: mistakes.map((fault) => `${fault.path}: ${fault.message}`).join(' '),
      },
      { details: { faults: mistakes } },
    );
  const all = [...builtInKinds, ...custom.map((kind) => ({ relations: [], ...kind }) as KindDefinition)];
  const byVersion = new Map(
    all.flatMap((kind) => kind.apiVersions.map((version) => [`${version} ${kind.kind}`, kind] as const)),
  );
  const pairs = relationPairs(all);
  const stored = new Set(pairs.map((pair) => pair.type));
  const inverses = new Map(
    pairs.flatMap((pair) => [[pair.type, pair.inverse] as const, [pair.inverse, pair.type] as const]),
  );
  const validators = new WeakMap<JsonObject, ValidateFunction>();
  const find = (entity: Pick<Entity, 'apiVersion' | 'kind'>) => byVersion.get(`${entity.apiVersion} ${entity.kind}`);
  const variantOf = (kind: KindDefinition | undefined, entity: Described): KindVariant | undefined =>
    kind?.variants?.find((variant) => variant.type === entity.spec?.type);
  const rules = new WeakMap<KindDefinition | KindVariant, RelationRule[]>();
  const run = (schema: JsonObject, entity: Described): ErrorObject[] => {
    let validator = validators.get(schema);
    if (!validator) validators.set(schema, (validator = compile(schema)));
    return validator(entity) ? [] : (validator.errors ?? []);
  };
  return {
    all,
    pairs,
    find,
    inverseOf: (type) => inverses.get(type),
    isStored: (type) => stored.has(type),
    relationRules(entity) {
      const kind = find(entity);
      if (!kind) return [];
      const variant = variantOf(kind, entity);
      const key = variant ?? kind;
      let found = rules.get(key);
      if (!found) rules.set(key, (found = variant?.relations ?? kind.relations));
      return found;
    },
    validate(entity) {
      const kind = find(entity);
      if (kind)
        return {
          recognised: true,
          faults: schemaFaults(run((variantOf(kind, entity) ?? kind).schema, entity), entity),
        };
      const near = nearest(all, entity);
      const faults = [unknownKind(all, entity)];
      // A slip in the case of the kind: what stands below is meant for that kind, so check it too.
      if (near?.apiVersions.includes(entity.apiVersion)) {
        const meant = { ...entity, kind: near.kind };
        faults.push(...schemaFaults(run((variantOf(near, meant) ?? near).schema, meant), meant));
      }
      return { recognised: false, faults };
    },
  };
}
