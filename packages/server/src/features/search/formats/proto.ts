import { type ApiOperation, mostOperations, sentences } from './operation.ts';

const token =
  /\/\*([\s\S]*?)\*\/|\/\/([^\n]*)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|([_A-Za-z][\w.]*)|([{}();=<>,])/g;

type Block = { kind: string; name: string; operation?: ApiOperation };

const shortName = (name: string) => name.split('.').at(-1)!;

/** Services, calls, messages and enumerations of a Protocol Buffers file, with the comments above them. */
export function protoOperations(source: string): ApiOperation[] {
  const found: ApiOperation[] = [];
  const blocks: Block[] = [];
  let packageName = '';
  let comments: string[] = [];
  let statement: string[] = [];

  const add = (operation: ApiOperation): ApiOperation => {
    if (found.length < mostOperations) found.push(operation);
    return operation;
  };
  const comment = () => {
    const text = comments.join(' ').replaceAll(/\s+/g, ' ').trim();
    comments = [];
    return text;
  };
  const call = (words: string[]) => {
    const service = blocks.findLast((block) => block.kind === 'service');
    const name = words[1];
    if (!service || !name) return;
    const types = words.slice(2).filter((word) => word !== 'returns' && word !== 'stream');
    add({
      id: `rpc ${service.name}.${name}`,
      type: 'rpc',
      title: `${service.name}.${name}`,
      anchor: `${service.name}.${name}`,
      names: [name, `${service.name}/${name}`],
      words: ['rpc', packageName, ...types.map(shortName)],
      text: comment(),
    });
  };
  const open = (words: string[]) => {
    const [kind, name] = words;
    const known = kind === 'message' || kind === 'enum' || kind === 'service';
    if (kind === 'rpc') call(words);
    if (!known || !name) {
      blocks.push({ kind: kind ?? '', name: name ?? '' });
      return;
    }
    const path = [...blocks.filter((block) => block.kind === 'message').map((block) => block.name), name].join('.');
    const operation = add({
      id: `${kind} ${path}`,
      type: kind === 'service' ? 'service' : 'message',
      title: `${kind} ${path}`,
      ...(kind !== 'service' && { anchor: `type/${path}` }),
      names: [name, ...(packageName ? [`${packageName}.${path}`] : [])],
      words: [],
      text: comment(),
    });
    blocks.push({ kind, name, operation });
  };
  const end = (words: string[]) => {
    const block = blocks.at(-1);
    if (words[0] === 'package' && words[1]) packageName = words[1];
    else if (words[0] === 'rpc') call(words);
    else if (block?.operation && block.kind !== 'service' && words[0] !== 'option' && words[0] !== 'reserved') {
      // `repeated Person persons = 4;`: the name is the last word; in an enumeration the only one.
      const name = words.at(-1);
      if (name) block.operation.words.push(name, ...words.slice(0, -1).map(shortName));
      block.operation.text = sentences(block.operation.text, comment());
    }
    comments = [];
  };

  let afterEquals = false;
  for (const [, long, short, name, mark] of source.matchAll(token)) {
    if (long !== undefined || short !== undefined) comments.push((long ?? short ?? '').replaceAll(/^[\s*]+/gm, ' '));
    else if (name && !afterEquals) statement.push(name);
    else if (mark === '=') afterEquals = true;
    else if (mark === ';') {
      end(statement);
      statement = [];
      afterEquals = false;
    } else if (mark === '{') {
      open(statement);
      statement = [];
      afterEquals = false;
    } else if (mark === '}') {
      blocks.pop();
      statement = [];
      afterEquals = false;
      comments = [];
    }
  }
  return found;
}
