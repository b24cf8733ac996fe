import type { JsonObject } from '../types.ts';
import { parseYaml } from './yaml.ts';

const block = /^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n/s;
const pair = /^[ ]{0,3}([\w-]+):\s*(.*)$/;
const more = /^(?:[ ]{4}|\t)\s*(.*)$/;
const longest = 64_000;

export type FrontMatter = {
  data: JsonObject;
  body: string;
  /** of the page that are no part of the body */
  lines: number;
  /** What is wrong with it when it is none that can be read. */
  fault?: { message: string; line: number };
};

/** Front matter and the text after it. YAML that does not parse stays in the page, as in MkDocs; `key: value` lines without fences count. */
export function readFrontMatter(text: string): FrontMatter {
  const linesOf = (taken: string) => taken.split('\n').length - 1;
  const match = block.exec(text);
  if (match) {
    try {
      const written = match[1] ?? '';
      // Aliases are counted, so that a few lines cannot become millions of values.
      const data = written.length > longest ? undefined : parseYaml(written, 50);
      if (data && typeof data === 'object' && !Array.isArray(data)) {
        const body = text.slice(match[0].length).replace(/^\n+/, '');
        return {
          data: JSON.parse(JSON.stringify(data)) as JsonObject,
          body,
          lines: linesOf(text.slice(0, text.length - body.length)),
        };
      }
    } catch (problem) {
      const { message, linePos } = problem as Error & { linePos?: [{ line: number }] };
      const fault = {
        message: (message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, ''),
        line: (linePos?.[0].line ?? 1) + 1,
      };
      return { data: {}, body: text, lines: 0, fault };
    }
    return { data: {}, body: text, lines: 0 };
  }
  const data: Record<string, string> = {};
  const lines = text.split('\n');
  let index = 0;
  let key: string | undefined;
  for (; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (!line.trim()) {
      if (index > 0) index++;
      break;
    }
    const found = pair.exec(line);
    const continued = key && more.exec(line);
    if (found) {
      key = (found[1] ?? '').toLowerCase();
      data[key] = data[key] === undefined ? (found[2] ?? '').trim() : `${data[key]} ${(found[2] ?? '').trim()}`;
    } else if (continued && key) data[key] = `${data[key] ?? ''} ${(continued[1] ?? '').trim()}`;
    else break;
  }
  if (Object.keys(data).length === 0) return { data: {}, body: text, lines: 0 };
  const body = lines.slice(index).join('\n').replace(/^\n+/, '');
  return { data, body, lines: linesOf(text.slice(0, text.length - body.length)) };
}

const begin = /^-{3}/;
const end = /^(?:-{3}|\.{3})/;
const continued = /^ {4,}\S/;

/** Takes off what the extension `meta` takes for `key: value` lines: it looks once more, at what MkDocs has left. */
export function withoutMeta(text: string): string {
  const lines = text.replace(/^\n+/, '').split('\n');
  let index = begin.test(lines[0] ?? '') ? 1 : 0;
  for (let known = false; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '' || end.test(line)) return lines.slice(index + 1).join('\n');
    if (pair.test(line)) known = true;
    else if (!known || !continued.test(line)) break;
  }
  return lines.slice(index).join('\n');
}
