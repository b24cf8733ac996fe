import {
  type Entity,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  stringifyEntityRef,
  termKey,
  termValue,
} from '@callboard/model';
import type { FieldOption } from '@callboard/model/http';
import { AppError } from '../../core/errors/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Jq } from '../../core/plugins/index.ts';
import { allOf, type EntityPredicate } from '../../core/predicate/index.ts';
import type { CatalogReading } from '../catalog/index.ts';
import { scaffolderErrors } from './errors.ts';
import type { Renderers } from './language/renderers.ts';
import type { TemplateDefinition } from './types.ts';
import { fieldOf } from './templates.ts';
import { words } from './words.ts';

const mostOptions = 500;
const mostBytes = 2 * 1024 * 1024;
const longestMs = 10_000;
const kept = 60_000;
const mostKept = 200;

type Tools = { catalog: CatalogReading; renderers: Renderers; outbound: Outbound; jq: Jq; ownHosts: string[] };

const invalid = (field: string, reason: string, fix: string) => scaffolderErrors.optionsInvalid({ field, reason, fix });

/** A filter as pickers have it: `{ kind: Group, 'spec.type': [team], 'metadata.annotations.x': { exists: true } }`, or several of them. */
function predicateOf(filter: JsonValue | undefined): EntityPredicate {
  const one = (each: JsonValue): EntityPredicate => {
    if (!isJsonObject(each)) throw new Error('a filter is an object');
    return allOf(
      ...Object.entries(each).map(([key, value]): EntityPredicate => {
        if (isJsonObject(value)) return { key: termKey(key), exists: true };
        return { key: termKey(key), in: [value].flat().map((item) => termValue(words(item))) };
      }),
    );
  };
  if (filter === undefined) throw new Error('there is no filter');
  return Array.isArray(filter) ? { any: filter.map(one) } : one(filter);
}

/** Reads `a.b` of an entity; `ref` and `label` are what people mean by them. */
function partOf(entity: Entity, path: string): JsonValue | undefined {
  if (path === 'ref') return stringifyEntityRef(entity);
  if (path === 'label') return entity.metadata.title ?? entity.metadata.name;
  return path
    .split('.')
    .reduce<JsonValue | undefined>(
      (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      entity as unknown as JsonObject,
    );
}

/** Options as a mapping gives them: texts and numbers, or `{ value, label }`. */
function readOptions(field: string, value: unknown): FieldOption[] {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item): FieldOption => {
    if (['string', 'number', 'boolean'].includes(typeof item)) return { value: item, label: String(item) };
    if (isJsonObject(item as JsonValue) && 'value' in (item as JsonObject)) {
      const { value: own, label } = item as JsonObject;
      return { value: own, label: label === undefined ? words(own) : words(label) };
    }
    throw invalid(
      field,
      'an option is neither a text nor an object with `value`',
      'Let `jq` give texts, or objects with value and label.',
    );
  });
}

/**
 * What fields with `ui:options: { from: … }` offer: entities of the catalog, or what an address answers, mapped by jq.
 */
export function createFieldOptions(tools: Tools) {
  const answers = new Map<string, { at: number; options: Promise<FieldOption[]> }>();

  async function fromCatalog(
    field: string,
    from: JsonObject,
    scope: EntityPredicate | undefined,
  ): Promise<FieldOption[]> {
    let condition: EntityPredicate;
    try {
      condition = predicateOf(from.filter);
    } catch (error) {
      throw invalid(field, (error as Error).message, 'Write `catalog: { filter: { kind: Group } }`.');
    }
    const wanted = scope === undefined ? condition : allOf(condition, scope);
    const described = await tools.catalog.describe(await tools.catalog.refs(undefined, mostOptions * 4, wanted));
    return described
      .map(({ body }) => JSON.parse(body) as Entity)
      .flatMap((entity): FieldOption[] => {
        const value = partOf(entity, words(from.value ?? 'ref'));
        return value === undefined
          ? []
          : [{ value, label: words(partOf(entity, words(from.label ?? 'label')) ?? value) }];
      })
      .sort((one, other) => (one.label.toLowerCase() < other.label.toLowerCase() ? -1 : 1));
  }

  async function fromAddress(field: string, from: JsonObject): Promise<FieldOption[]> {
    const address = words(from.url);
    if (!URL.canParse(address) || !/^https?:/.test(address))
      throw invalid(field, `'${address}' is not a http or https address`, 'Correct `url`.');
    const url = new URL(address);
    if (tools.ownHosts.includes(url.host))
      throw scaffolderErrors.addressRefused({ url: url.origin, reason: 'that is this portal itself' });
    const { body } = await tools.outbound.request(url, {
      timeoutMs: longestMs,
      maxBytes: mostBytes,
      purpose: 'options of a template',
      outsideOnly: true,
      headers: {
        accept: 'application/json',
        ...(isJsonObject(from.headers) ? (from.headers as Record<string, string>) : {}),
      },
    });
    const text = Buffer.from(body ?? new Uint8Array()).toString('utf8');
    try {
      return readOptions(field, await tools.jq.run(words(from.jq ?? '.'), text));
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw invalid(field, (error as Error).message, 'Correct `jq`, or look at what the address answers.');
    }
  }

  return {
    /** @throws AppError when the field has no such options, or they cannot be had */
    async of(
      template: TemplateDefinition,
      asked: { field: string; answers?: JsonObject; search?: string },
      who: { scope?: EntityPredicate; user: { ref: string; entity?: JsonObject } },
    ): Promise<{ options: FieldOption[]; isComplete: boolean }> {
      const { field } = asked;
      const property = fieldOf(template, field);
      const written = isJsonObject(property?.['ui:options']) ? property['ui:options'].from : undefined;
      if (!isJsonObject(written)) throw scaffolderErrors.optionsMissing({ field, template: template.ref });
      const { jq, ...rest } = written;
      const context = { parameters: asked.answers ?? {}, user: who.user };
      const { value, faults } = await tools.renderers.value(rest, context);
      if (faults[0]) throw invalid(field, faults[0].message, faults[0].hint);
      const from: JsonObject = { ...(isJsonObject(value) ? value : {}), ...(jq === undefined ? {} : { jq }) };
      let options: FieldOption[];
      if (isJsonObject(from.catalog)) options = await fromCatalog(field, from.catalog, who.scope);
      else if (from.url !== undefined) {
        const key = JSON.stringify(from);
        const known = answers.get(key);
        const fresh =
          known && Date.now() - known.at < kept ? known : { at: Date.now(), options: fromAddress(field, from) };
        if (fresh !== known) {
          answers.delete(key);
          answers.set(key, fresh);
          fresh.options.catch(() => answers.delete(key));
          if (answers.size > mostKept) answers.delete(answers.keys().next().value!);
        }
        options = await fresh.options;
      } else
        throw invalid(
          field,
          '`from` has neither `catalog` nor `url`',
          'Write `from: { catalog: { filter: … } }` or `from: { url: …, jq: … }`.',
        );
      const search = asked.search?.trim().toLowerCase();
      const fitting = search
        ? options.filter(({ value: own, label }) => `${label} ${words(own)}`.toLowerCase().includes(search))
        : options;
      return { options: fitting.slice(0, mostOptions), isComplete: fitting.length <= mostOptions };
    },
  };
}

export type FieldOptions = ReturnType<typeof createFieldOptions>;
