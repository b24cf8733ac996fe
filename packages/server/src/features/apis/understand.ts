import type { ApiLine, ApiOverview, ApiSummary, Entity } from '@callboard/model';
import type { Definition } from './formats/definition.ts';
import { readDefinition } from './formats/read.ts';
import type { Part, ReadAnswer, Understood } from './understood.ts';

const reference = /"ref":"((?:[^"\\]|\\.)*)"/g;

const partOf = (value: unknown): Part => {
  const json = JSON.stringify(value);
  const refs = new Set<string>();
  // Text that happens to look the same has its quotes escaped in JSON.
  for (const [, ref] of json.matchAll(reference)) refs.add(JSON.parse(`"${ref}"`) as string);
  return { json, refs: [...refs] };
};

const given = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const lineOf = ({ id, group, verb, name, title, deprecated }: Definition['operations'][number]): ApiLine =>
  given({ id, group, verb, name, title, deprecated }) as ApiLine;

/** Makes texts of a definition that was read. */
export function pack(definition: Definition): Understood {
  const { operations, types, facts, servers, security, groups, found, language } = definition;
  const summary: ApiSummary = given({
    format: definition.format,
    formatVersion: definition.formatVersion!,
    version: definition.version!,
    operations: operations.length,
    types: types.length,
    problems: found.length,
  });
  const overview: ApiOverview = given({
    ...summary,
    title: definition.title!,
    description: definition.description!,
    facts,
    servers,
    security,
    groups,
    lines: operations.map(lineOf),
    typeLines: types.map(({ id, name, what, schema }) => ({
      id,
      name,
      what,
      ...(schema.deprecated && { deprecated: true as const }),
    })),
    found,
    language,
    leftOut: definition.leftOut!,
  });
  const packed: Understood = {
    summary,
    overview: JSON.stringify(overview),
    operations: new Map(operations.map((operation) => [operation.id, partOf(operation)])),
    types: new Map(types.map((type) => [type.id, partOf(type)])),
    calls: new Map(
      operations.flatMap(({ id, call }) =>
        call ? [[id, { method: call.method, path: call.path, servers: call.servers }] as const] : [],
      ),
    ),
    size: 0,
  };
  packed.size = packed.overview.length;
  for (const parts of [packed.operations, packed.types])
    for (const { json } of parts.values()) packed.size += json.length;
  return packed;
}

/** Reads the definition of an API entity. */
export async function understand(text: string): Promise<ReadAnswer> {
  const { spec } = JSON.parse(text) as Entity;
  if (typeof spec?.['definition'] !== 'string') return { none: true };
  const type = typeof spec['type'] === 'string' ? spec['type'] : '';
  return pack(await readDefinition(type, spec['definition']));
}
