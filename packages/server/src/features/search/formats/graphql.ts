import { type ApiOperation, mostOperations, sentences } from './operation.ts';

const token = /"""([\s\S]*?)"""|"((?:[^"\\\n]|\\.)*)"|#[^\n]*|([_A-Za-z]\w*)|([{}()[\]:=!@&|$])|\.\.\.|[-\d.eE+]+/g;

type Token = { kind: 'text' | 'name' | 'mark'; value: string };

function* tokens(source: string): Generator<Token> {
  for (const [, block, text, name, mark] of source.matchAll(token)) {
    if (block !== undefined || text !== undefined) yield { kind: 'text', value: (block ?? text ?? '').trim() };
    else if (name) yield { kind: 'name', value: name };
    else if (mark) yield { kind: 'mark', value: mark };
  }
}

const kinds = new Set(['type', 'interface', 'input', 'enum', 'union', 'scalar']);
const withFields = new Set(['type', 'interface', 'input', 'enum']);

type Definition = {
  kind: string;
  name: string;
  text: string;
  fields: { name: string; text: string; words: string[] }[];
};

/** Definitions of a schema, read tolerantly: what is not understood is passed over. */
function definitionsOf(source: string): { definitions: Definition[]; roots: Map<string, string> } {
  const roots = new Map([
    ['Query', 'query'],
    ['Mutation', 'mutation'],
    ['Subscription', 'subscription'],
  ]);
  const definitions: Definition[] = [];
  let current: Definition | undefined;
  let inSchema = false;
  let depth = 0;
  let round = 0;
  let text = '';
  let previous: Token | undefined;
  let operation = '';
  for (const found of tokens(source)) {
    const { kind, value } = found;
    if (kind === 'text') {
      if (round === 0) text = value;
      continue;
    }
    if (value === '(') round += 1;
    else if (value === ')') round = Math.max(0, round - 1);
    else if (value === '{') depth += 1;
    else if (value === '}') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) inSchema = false;
      text = '';
    } else if (kind === 'name' && depth === 0 && round === 0) {
      if (value === 'schema') inSchema = true;
      else if (previous?.kind === 'name' && kinds.has(previous.value)) {
        current = { kind: previous.value, name: value, text, fields: [] };
        definitions.push(current);
        text = '';
      }
    } else if (kind === 'name' && depth === 1 && inSchema) {
      if (previous?.value === ':') roots.set(value, operation);
      else operation = value;
    } else if (kind === 'name' && depth === 1 && current && withFields.has(current.kind)) {
      const field = current.fields.at(-1);
      if (round > 0) {
        if (previous?.value === '(' || previous?.kind === 'name' || previous?.value === '!') field?.words.push(value);
      } else if (
        previous?.value !== ':' &&
        previous?.value !== '[' &&
        previous?.value !== '@' &&
        previous?.value !== '='
      ) {
        current.fields.push({ name: value, text, words: [] });
        text = '';
      } else if (previous.value !== '@') field?.words.push(value);
    }
    previous = found;
  }
  return { definitions, roots };
}

/** Fields of the root types, and all other types, of a GraphQL schema. */
export function graphqlOperations(source: string): ApiOperation[] {
  const { definitions, roots } = definitionsOf(source);
  const found: ApiOperation[] = [];
  for (const { kind, name, text, fields } of definitions) {
    const root = roots.get(name);
    if (!root)
      found.push({
        id: `${kind} ${name}`,
        type: 'type',
        title: `${kind} ${name}`,
        anchor: `type/${name}`,
        names: [name],
        words: fields.map((field) => field.name),
        text: sentences(text, ...fields.map((field) => field.text)),
      });
    else
      for (const field of fields)
        found.push({
          id: `${root} ${field.name}`,
          type: 'field',
          title: `${root} ${field.name}`,
          anchor: `${root} ${field.name}`,
          names: [field.name],
          words: [root, ...field.words],
          text: field.text,
        });
  }
  return found.slice(0, mostOperations);
}
