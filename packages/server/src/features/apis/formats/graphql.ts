import type { ApiField, ApiOperation, ApiSchema, ApiSection, ApiType } from '@callboard/model';
import {
  buildClientSchema,
  type DefinitionNode,
  type FieldDefinitionNode,
  type DirectiveNode,
  GraphQLError,
  type InputValueDefinitionNode,
  type IntrospectionQuery,
  parse,
  print,
  printSchema,
  type TypeNode,
} from 'graphql';
import { createGroups, createIds, type Definition, emptyDefinition, limits } from './definition.ts';
import { filled, isObject } from './json.ts';

const words: Record<string, string> = {
  ObjectTypeDefinition: 'type',
  ObjectTypeExtension: 'type',
  InterfaceTypeDefinition: 'interface',
  InterfaceTypeExtension: 'interface',
  InputObjectTypeDefinition: 'input',
  InputObjectTypeExtension: 'input',
  EnumTypeDefinition: 'enum',
  EnumTypeExtension: 'enum',
  UnionTypeDefinition: 'union',
  UnionTypeExtension: 'union',
  ScalarTypeDefinition: 'scalar',
  ScalarTypeExtension: 'scalar',
};
const roots = { query: 'Queries', mutation: 'Mutations', subscription: 'Subscriptions' } as const;
type Root = keyof typeof roots;

type Named = {
  name: string;
  what: string;
  description?: string;
  fields: FieldDefinitionNode[];
  inputs: InputValueDefinitionNode[];
  values: { name: string; description?: string; directives: readonly DirectiveNode[] }[];
  members: string[];
  interfaces: string[];
  directives: DirectiveNode[];
};

const deprecationOf = (directives: readonly DirectiveNode[] | undefined): string | undefined => {
  const found = directives?.find(({ name }) => name.value === 'deprecated');
  if (!found) return undefined;
  const reason = found.arguments?.find(({ name }) => name.value === 'reason')?.value;
  return reason?.kind === 'StringValue' ? reason.value : 'Deprecated';
};

const baseOf = (type: TypeNode): string => {
  let current = type;
  while (current.kind !== 'NamedType') current = current.type;
  return current.name.value;
};

const describe = (description: string | undefined, directives: readonly DirectiveNode[] | undefined) => {
  const deprecated = deprecationOf(directives);
  const text = [description?.trim(), deprecated && `Deprecated: ${deprecated}`].filter(Boolean).join('\n\n');
  return filled({ description: text || undefined, deprecated: deprecated === undefined ? undefined : (true as const) });
};

function collect(definitions: readonly DefinitionNode[]): {
  types: Map<string, Named>;
  rootNames: Record<Root, string>;
  directives: Named[];
} {
  const types = new Map<string, Named>();
  const rootNames = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  const directives: Named[] = [];
  for (const node of definitions) {
    if (node.kind === 'SchemaDefinition' || node.kind === 'SchemaExtension')
      for (const each of node.operationTypes ?? []) rootNames[each.operation] = each.type.name.value;
    const what = words[node.kind];
    if (!('name' in node) || !node.name) continue;
    const name = node.name.value;
    if (node.kind === 'DirectiveDefinition')
      directives.push({
        name: `@${name}`,
        what: 'directive',
        ...(node.description && { description: node.description.value }),
        fields: [],
        inputs: [...(node.arguments ?? [])],
        values: [],
        members: [],
        interfaces: [],
        directives: [],
      });
    if (what === undefined) continue;
    const before = types.get(name) ?? {
      name,
      what,
      fields: [],
      inputs: [],
      values: [],
      members: [],
      interfaces: [],
      directives: [],
    };
    const any = node as unknown as {
      description?: { value: string };
      fields?: readonly never[];
      values?: readonly {
        name: { value: string };
        description?: { value: string };
        directives?: readonly DirectiveNode[];
      }[];
      types?: readonly { name: { value: string } }[];
      interfaces?: readonly { name: { value: string } }[];
      directives?: readonly DirectiveNode[];
    };
    types.set(name, {
      ...before,
      ...(any.description && { description: any.description.value }),
      fields: what === 'input' ? before.fields : [...before.fields, ...(any.fields ?? [])],
      inputs: what === 'input' ? [...before.inputs, ...(any.fields ?? [])] : before.inputs,
      values: [
        ...before.values,
        ...(any.values ?? []).map((value) => ({
          name: value.name.value,
          ...(value.description && { description: value.description.value }),
          directives: value.directives ?? [],
        })),
      ],
      members: [...before.members, ...(any.types ?? []).map((each) => each.name.value)],
      interfaces: [...before.interfaces, ...(any.interfaces ?? []).map((each) => each.name.value)],
      directives: [...before.directives, ...(any.directives ?? [])],
    });
  }
  return { types, rootNames, directives };
}

const builtIn = new Set(['ID', 'String', 'Int', 'Float', 'Boolean']);

/** Reads a GraphQL schema, as SDL or as the answer to an introspection query. */
export function readGraphql(text: string, introspection?: unknown): Definition {
  const definition = emptyDefinition('graphql', introspection === undefined ? 'graphql' : 'json');
  let nodes: readonly DefinitionNode[];
  try {
    const data = isObject(introspection) && isObject(introspection['data']) ? introspection['data'] : introspection;
    const source = data === undefined ? text : printSchema(buildClientSchema(data as unknown as IntrospectionQuery));
    nodes = parse(source, { noLocation: true, maxTokens: 2_000_000 }).definitions;
  } catch (error) {
    const [place] = error instanceof GraphQLError ? (error.locations ?? []) : [];
    const message = error instanceof RangeError ? 'it is nested too deeply' : (error as Error).message;
    return {
      ...definition,
      found: [
        {
          code: 'APIS_GRAPHQL_SYNTAX',
          severity: 'error',
          message: `GraphQL: ${message.slice(0, 500)}`,
          fix: 'Correct the schema at this place.',
          ...(place && { line: place.line, column: place.column }),
        },
      ],
    };
  }
  const { types, rootNames, directives } = collect(nodes);
  const missing = new Set<string>();
  const typeOf = (type: TypeNode): ApiSchema => {
    const base = baseOf(type);
    const shown = print(type);
    if (types.has(base)) return { type: shown, ref: base };
    if (builtIn.has(base)) return { type: shown };
    missing.add(base);
    return { type: shown, missing: true };
  };
  const inputOf = (node: InputValueDefinitionNode): ApiField => ({
    name: node.name.value,
    ...typeOf(node.type),
    ...describe(node.description?.value, node.directives),
    ...(node.type.kind === 'NonNullType' && !node.defaultValue && { required: true as const }),
    ...(node.defaultValue && { default: print(node.defaultValue) }),
  });
  const fieldOf = (node: FieldDefinitionNode): ApiField => {
    const takes = (node.arguments ?? []).map(inputOf);
    return {
      name: node.name.value,
      ...typeOf(node.type),
      ...describe(node.description?.value, node.directives),
      ...(takes.length > 0 && { choices: [{ word: 'takes', of: [{ type: 'arguments', fields: takes }] }] }),
    };
  };
  const schemaOf = (named: Named): ApiSchema => ({
    type: named.what,
    ...describe(named.description, named.directives),
    ...filled({
      fields: [...named.fields.map(fieldOf), ...named.inputs.map(inputOf)],
      values: named.values.map((value) => ({ value: value.name, ...describe(value.description, value.directives) })),
      choices: [
        ...(named.members.length > 0
          ? [
              {
                word: 'one of',
                of: named.members.map((member) => ({ type: member, ...(types.has(member) && { ref: member }) })),
              },
            ]
          : []),
        ...(named.interfaces.length > 0
          ? [
              {
                word: 'implements',
                of: named.interfaces.map((each) => ({ type: each, ...(types.has(each) && { ref: each }) })),
              },
            ]
          : []),
      ],
    }),
  });

  /** A request that asks for the plain fields of the answer. */
  const exampleOf = (root: Root, node: FieldDefinitionNode): string => {
    const takes = node.arguments ?? [];
    const target = types.get(baseOf(node.type));
    const isLeaf = (name: string) => ['scalar', 'enum', undefined].includes(types.get(name)?.what);
    const plain = (target?.fields ?? [])
      .filter((field) => isLeaf(baseOf(field.type)) && (field.arguments ?? []).length === 0)
      .map((field) => field.name.value);
    const chosen = target?.what === 'union' ? ['__typename'] : plain.length > 0 ? plain.slice(0, 8) : ['__typename'];
    const declared = takes.map((each) => `$${each.name.value}: ${print(each.type)}`).join(', ');
    const given = takes.map((each) => `${each.name.value}: $${each.name.value}`).join(', ');
    const body =
      target && (target.fields.length > 0 || target.what === 'union') ? ` {\n    ${chosen.join('\n    ')}\n  }` : '';
    return `${root}${declared ? ` (${declared})` : ''} {\n  ${node.name.value}${given ? `(${given})` : ''}${body}\n}`;
  };

  const ids = createIds();
  const groups = createGroups();
  const operations: (ApiOperation & { group: number })[] = [];
  for (const root of ['query', 'mutation', 'subscription'] as const)
    for (const node of types.get(rootNames[root])?.fields ?? []) {
      if (operations.length >= limits.operations) break;
      const sections: ApiSection[] = [
        ...((node.arguments ?? []).length > 0
          ? [{ kind: 'parameters' as const, title: 'Arguments', fields: node.arguments!.map(inputOf) }]
          : []),
        { kind: 'response', title: 'Answer', contents: [{ schema: typeOf(node.type), examples: [] }] },
        {
          kind: 'request',
          title: 'Example',
          contents: [{ mediaType: 'application/graphql', examples: [{ text: exampleOf(root, node) }] }],
        },
      ];
      operations.push({
        id: ids(`${root} ${node.name.value}`),
        verb: root,
        name: node.name.value,
        group: groups.place(roots[root]),
        ...describe(node.description?.value, node.directives),
        facts: [],
        sections,
      });
    }
  const rootSet = new Set(Object.values(rootNames));
  const all: ApiType[] = [...types.values(), ...directives]
    .filter(({ name }) => !rootSet.has(name) || types.get(name)?.what !== 'type')
    .map((named) => ({ id: named.name, name: named.name, what: named.what, schema: schemaOf(named) }));
  if (operations.length === 0 && all.length === 0)
    definition.found.push({
      code: 'APIS_NOTHING_OFFERED',
      severity: 'warning',
      message: 'The schema defines no types.',
      fix: 'Put the whole schema into the definition, not queries against it.',
    });
  for (const name of [...missing].slice(0, limits.problems)) {
    const line = text.split('\n').findIndex((each) => new RegExp(`\\b${name}\\b`).test(each)) + 1;
    definition.found.push({
      code: 'APIS_REFERENCE_MISSING',
      severity: 'warning',
      message: `The type ${name} is not defined.`,
      fix: 'Define it, or correct the name.',
      ...(line > 0 && { line }),
    });
  }
  const description = nodes.find((node) => node.kind === 'SchemaDefinition')?.description?.value;
  return {
    ...definition,
    ...(description && { description }),
    groups: groups.list,
    operations,
    types: all.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
  };
}
