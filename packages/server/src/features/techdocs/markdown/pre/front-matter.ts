import type { JsonObject } from '../types.ts';
import { parseYaml } from './yaml.ts';

const block = /^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n/s;
const pair = /^[ ]{0,3}([\w-]+):\s*(.*)$/;
const more = /^(?:[ ]{4}|\t)\s*(.*)$/;
const longest = 64_000;

/** Front matter and the text after it. YAML that does not parse stays in the page, as in MkDocs; `key: value` lines without fences count. */
export function readFrontMatter(text: string): { data: JsonObject; body: string; lines: number } {
  const linesOf = (taken: string) => taken.split('\n').length - 1;
  const match = block.exec(`${text}\n`);
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
    } catch {
      // Not YAML: it stays in the page.
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
