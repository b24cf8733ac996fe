import type { Features } from '../features.ts';

/** What the generic blocks of pymdownx stand for, by extension. */
const admonitionTypes = new Set(
  'note attention caution danger error tip hint warning info success question failure bug example quote abstract'.split(
    ' ',
  ),
);
const opening = /^( *)(\/{3,}) +([\w-]+)(?: +\| *(.*?))? *$/;
const option = /^ {4,}([\w-]+): *(.*?) *$/;
const deepest = 20;

type Block = { name: string; title: string; options: Map<string, string>; lines: string[] };

const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;

/** A block in the older syntax, which means the same; undefined when the site has no such block. */
function asWritten({ name, title, options, lines }: Block, has: Features['has']): string[] | undefined {
  const body = lines.map((line) => (line === '' ? '' : `    ${line}`));
  const isTrue = (key: string) => /^true$/i.test(options.get(key) ?? '');
  const type = options.get('type')?.replaceAll(/["']/g, '') ?? '';
  if (has('pymdownx.blocks.admonition') && (name === 'admonition' || admonitionTypes.has(name))) {
    const kind = name === 'admonition' ? type || 'note' : name;
    return ['', `!!! ${kind}${title === '' && name !== 'admonition' ? '' : ` ${quoted(title)}`}`, ...body, ''];
  }
  if (has('pymdownx.blocks.details') && name === 'details')
    return ['', `???${isTrue('open') ? '+' : ''}${type === '' ? '' : ` ${type}`} ${quoted(title)}`, ...body, ''];
  if (has('pymdownx.blocks.tab') && name === 'tab')
    return ['', `===${isTrue('new') ? '!' : ''} ${quoted(title)}`, ...body, ''];
  return undefined;
}

/** Takes the blocks of `///` apart and writes them in the older syntax. Not inside fenced code. */
export function convertGenericBlocks(text: string, has: Features['has'], depth = 0): string {
  if (!text.includes('///') || depth > deepest) return text;
  const lines = text.split('\n');
  const out: string[] = [];
  let fence = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (!fence || line.trim().startsWith(fence))) fence = fence ? '' : mark;
    const match = fence ? null : opening.exec(line);
    const [, indent = '', slashes = '', name = '', title = ''] = match ?? [];
    const end = match ? lines.findIndex((other, at) => at > index && other.trimEnd() === `${indent}${slashes}`) : -1;
    if (!match || end < 0) {
      out.push(line);
      continue;
    }
    const inside = lines.slice(index + 1, end).map((other) => other.slice(Math.min(indent.length, leading(other))));
    const options = new Map<string, string>();
    for (let found; (found = option.exec(inside[0] ?? '')); inside.shift()) options.set(found[1]!, found[2]!);
    const content = convertGenericBlocks(inside.join('\n'), has, depth + 1).split('\n');
    const written = asWritten({ name, title, options, lines: content }, has);
    if (!written) {
      out.push(line);
      continue;
    }
    out.push(...written.map((other) => (other === '' ? '' : indent + other)));
    index = end;
  }
  return out.join('\n');
}

const leading = (line: string) => line.length - line.trimStart().length;
