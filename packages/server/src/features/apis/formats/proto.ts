import type { ApiField, ApiOperation, ApiSchema, ApiType } from '@callboard/model';
import { createGroups, createIds, type Definition, emptyDefinition, limits } from './definition.ts';
import { factsOf } from './json.ts';
import { protoTokens, type Token } from './proto-tokens.ts';

type Raw = { name: string; type: string; label: string; tag?: string; doc?: string | undefined; deprecated: boolean };
type Message = {
  name: string;
  what: 'message' | 'enum';
  doc?: string | undefined;
  fields: (Raw | { oneof: string; fields: Raw[] })[];
  values: { value: string; description?: string }[];
};
type Rpc = {
  service: string;
  name: string;
  request: string;
  response: string;
  doc?: string | undefined;
  deprecated: boolean;
};
type File = {
  syntax?: string;
  package: string;
  imports: string[];
  services: { name: string; doc?: string | undefined }[];
  rpcs: Rpc[];
  messages: Message[];
};

class ProtoFault extends Error {
  line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A reader of the parts of proto2, proto3 and editions that say what is offered; options are passed over. */
function createReader(tokens: Token[]) {
  let at = 0;
  const peek = () => tokens[at];
  const next = (): Token => {
    const token = tokens[at];
    if (!token) throw new ProtoFault('The file ends in the middle of a definition', tokens.at(-1)?.line ?? 1);
    at += 1;
    return token;
  };
  const expect = (value: string): Token => {
    const token = next();
    if (token.value !== value || token.kind === 'text')
      throw new ProtoFault(`Expected "${value}", found "${token.value.slice(0, 60)}"`, token.line);
    return token;
  };
  const isMark = (value: string) => peek()?.value === value && peek()?.kind !== 'text';

  /** Passes over a statement or a block; answers whether it says that something is deprecated. */
  function skip(): boolean {
    let depth = 0;
    let deprecated = false;
    for (;;) {
      const token = next();
      if (token.value === 'deprecated' && peek()?.value === '=' && tokens[at + 1]?.value === 'true') deprecated = true;
      if (token.kind === 'text') continue;
      if ('{[('.includes(token.value)) depth += 1;
      else if (')]}'.includes(token.value)) depth -= 1;
      if (depth <= 0 && (token.value === ';' || token.value === '}')) return deprecated;
    }
  }
  /** The doc before a statement, else the comment behind its end. */
  const docOf = (first: Token, last: Token | undefined) => first.doc ?? last?.behind;

  function typeName(): string {
    const word = next();
    if (word.value === '<') throw new ProtoFault('Expected the name of a type, found "<"', word.line);
    return word.value;
  }

  function field(label: string, first: Token): Raw {
    let type = typeName();
    if (type === 'map' && isMark('<')) {
      next();
      const key = typeName();
      expect(',');
      type = `map<${key}, ${typeName()}>`;
      expect('>');
    }
    const name = next().value;
    expect('=');
    const tag = next().value;
    let deprecated = false;
    if (isMark('[')) deprecated = skipOptions();
    const end = isMark('{') ? (skip(), undefined) : expect(';');
    return { name, type, label, tag, doc: docOf(first, end), deprecated };
  }

  function skipOptions(): boolean {
    let deprecated = false;
    for (let depth = 0; ;) {
      const token = next();
      if (token.value === 'deprecated' && peek()?.value === '=' && tokens[at + 1]?.value === 'true') deprecated = true;
      if (token.kind === 'text') continue;
      if (token.value === '[' || token.value === '{') depth += 1;
      if (token.value === ']' || token.value === '}') depth -= 1;
      if (depth === 0) return deprecated;
    }
  }

  function message(file: File, prefix: string, first: Token, depth: number): void {
    const name = prefix + next().value;
    if (depth > limits.depth)
      throw new ProtoFault(`Messages are nested deeper than ${limits.depth} levels`, first.line);
    const found: Message = { name, what: 'message', doc: docOf(first, undefined), fields: [], values: [] };
    file.messages.push(found);
    expect('{');
    while (!isMark('}')) {
      const start = peek() ?? next();
      const word = start.value;
      if (word === ';') next();
      else if (word === 'message' && tokens[at + 2]?.value === '{') {
        next();
        message(file, `${name}.`, start, depth + 1);
      } else if (word === 'enum' && tokens[at + 2]?.value === '{') {
        next();
        enumeration(file, `${name}.`, start);
      } else if (word === 'oneof' && tokens[at + 2]?.value === '{') {
        next();
        const oneof = next().value;
        next();
        const fields: Raw[] = [];
        while (!isMark('}')) {
          if (peek()?.value === 'option' || isMark(';')) skip();
          else fields.push(field('', peek() ?? next()));
        }
        next();
        found.fields.push({ oneof, fields });
      } else if (
        ['option', 'reserved', 'extensions'].includes(word) ||
        (word === 'extend' && tokens[at + 2]?.value === '{')
      )
        skip();
      else if (['optional', 'required', 'repeated'].includes(word)) {
        next();
        found.fields.push(field(word, start));
      } else found.fields.push(field('', start));
    }
    next();
  }

  function enumeration(file: File, prefix: string, first: Token): void {
    const found: Message = {
      name: prefix + next().value,
      what: 'enum',
      doc: docOf(first, undefined),
      fields: [],
      values: [],
    };
    file.messages.push(found);
    expect('{');
    while (!isMark('}')) {
      const start = peek() ?? next();
      if (['option', 'reserved', ';'].includes(start.value)) {
        skip();
        continue;
      }
      next();
      expect('=');
      const number = next().value;
      if (isMark('[')) skipOptions();
      const doc = docOf(start, expect(';'));
      found.values.push({ value: `${start.value} = ${number}`, ...(doc && { description: doc }) });
    }
    next();
  }

  function rpcType(): string {
    expect('(');
    let name = next().value;
    if (name === 'stream' && !isMark(')')) name = `stream ${next().value}`;
    expect(')');
    return name;
  }

  function service(file: File, first: Token): void {
    const name = next().value;
    file.services.push({ name, doc: docOf(first, undefined) });
    expect('{');
    while (!isMark('}')) {
      const start = peek() ?? next();
      if (start.value !== 'rpc') {
        skip();
        continue;
      }
      next();
      const rpc = next().value;
      const request = rpcType();
      expect('returns');
      const response = rpcType();
      const last = peek();
      const deprecated = skip();
      file.rpcs.push({ service: name, name: rpc, request, response, doc: docOf(start, last), deprecated });
    }
    next();
  }

  return function read(): File {
    const file: File = { package: '', imports: [], services: [], rpcs: [], messages: [] };
    while (at < tokens.length) {
      const first = next();
      if (first.value === 'syntax' || first.value === 'edition') {
        expect('=');
        file.syntax = next().value;
        skip();
      } else if (first.value === 'package') {
        file.package = next().value;
        skip();
      } else if (first.value === 'import') {
        const word = next();
        file.imports.push(word.kind === 'text' ? word.value : next().value);
        skip();
      } else if (first.value === 'message') message(file, '', first, 0);
      else if (first.value === 'enum') enumeration(file, '', first);
      else if (first.value === 'service') service(file, first);
      else if (first.value === 'option' || first.value === 'extend') skip();
      else if (first.value !== ';')
        throw new ProtoFault(`"${first.value.slice(0, 60)}" does not begin a definition`, first.line);
    }
    return file;
  };
}

/** Reads a .proto file: services with their calls, messages and enumerations. */
export function readProto(text: string): Definition {
  const definition = emptyDefinition('proto', 'proto');
  let file: File;
  try {
    file = createReader(protoTokens(text))();
  } catch (error) {
    if (!(error instanceof ProtoFault)) throw error;
    return {
      ...definition,
      found: [
        {
          code: 'APIS_PROTO_SYNTAX',
          severity: 'error',
          message: `Protocol buffers: ${error.message}.`,
          fix: 'Correct the file at this place.',
          line: error.line,
        },
      ],
    };
  }
  const names = new Set(file.messages.map(({ name }) => name));
  /** The type that a name means at a place: the innermost one counts. */
  const find = (name: string, scope: string): string | undefined => {
    const bare = name.startsWith('.') ? name.slice(1) : name;
    const local = file.package && bare.startsWith(`${file.package}.`) ? bare.slice(file.package.length + 1) : bare;
    const parts = name.startsWith('.') ? [] : scope.split('.').filter(Boolean);
    for (let length = parts.length; length >= 0; length -= 1) {
      const full = [...parts.slice(0, length), local].join('.');
      if (names.has(full)) return full;
    }
    return undefined;
  };
  const typeOf = (name: string, scope: string): ApiSchema => {
    const [, value] = /^map<[^,]+, (.+)>$/.exec(name) ?? [];
    const ref = find((value ?? name).replace(/^stream /, ''), scope);
    return { type: name, ...(ref !== undefined && { ref }) };
  };
  const fieldOf = (raw: Raw, scope: string): ApiField => {
    const schema = typeOf(raw.type, scope);
    return {
      name: raw.name,
      ...schema,
      type: [raw.label, schema.type].filter(Boolean).join(' '),
      ...(raw.tag && { rules: [`field ${raw.tag}`] }),
      ...(raw.doc && { description: raw.doc }),
      ...(raw.deprecated && { deprecated: true as const }),
      ...(raw.label === 'required' && { required: true as const }),
    };
  };
  const types = file.messages.slice(0, limits.types).map(({ name, what, doc, fields, values }): ApiType => {
    const plain = fields.filter((each): each is Raw => !('oneof' in each));
    const oneofs = fields.filter((each) => 'oneof' in each);
    return {
      id: name,
      name,
      what,
      schema: {
        type: what,
        ...(doc && { description: doc }),
        ...(plain.length > 0 && { fields: plain.map((each) => fieldOf(each, name)) }),
        ...(oneofs.length > 0 && {
          choices: oneofs.map(({ oneof, fields: of }) => ({
            word: `one of, as ${oneof}`,
            of: of.map((each) => ({ type: each.name, fields: [fieldOf(each, name)] })),
          })),
        }),
        ...(values.length > 0 && { values }),
      },
    };
  });
  const groups = createGroups(file.services.map(({ name, doc }) => ({ name, ...(doc && { description: doc }) })));
  const ids = createIds();
  const operations = file.rpcs.slice(0, limits.operations).map((rpc): ApiOperation & { group: number } => ({
    id: ids(`${rpc.service}.${rpc.name}`),
    verb: 'rpc',
    name: rpc.name,
    group: groups.place(rpc.service),
    ...(rpc.doc && { description: rpc.doc }),
    ...(rpc.deprecated && { deprecated: true as const }),
    facts: factsOf([['Full name', `${file.package ? `${file.package}.` : ''}${rpc.service}/${rpc.name}`]]),
    sections: [
      { kind: 'request', title: 'Request', contents: [{ schema: typeOf(rpc.request, ''), examples: [] }] },
      { kind: 'response', title: 'Answer', contents: [{ schema: typeOf(rpc.response, ''), examples: [] }] },
    ],
  }));
  if (types.length === 0 && operations.length === 0)
    definition.found.push({
      code: 'APIS_NOTHING_OFFERED',
      severity: 'warning',
      message: 'The file defines no service and no message.',
      fix: 'Put the .proto file with the service into the definition.',
    });
  return {
    ...definition,
    formatVersion: file.syntax,
    ...(file.package && { title: file.package }),
    facts: factsOf([
      ['Package', file.package],
      ['Imports', file.imports.join(', ')],
    ]),
    groups: groups.list,
    operations,
    types: types.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
  };
}
