import { load } from 'js-yaml';
import type { JsonObject } from '../types.ts';

const block = /^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n/s;
const pair = /^[ ]{0,3}([\w-]+):\s*(.*)$/;
const more = /^(?:[ ]{2,}|\t)(\S.*)$/;

/** Front matter and the text after it. YAML that does not parse stays in the page, as in MkDocs; `key: value` lines without fences count. */
export function readFrontMatter(text: string): { data: JsonObject; body: string; lines: number } {
  const linesOf = (taken: string) => taken.split('\n').length - 1;
  const match = block.exec(`${text}\n`);
  if (match) {
    try {
      const data = load(match[1] ?? '');
      if (data !== null && typeof data === 'object' && !Array.isArray(data)) {
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
  const data: JsonObject = {};
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
      data[key] = typeof data[key] === 'string' ? `${data[key]} ${(found[2] ?? '').trim()}` : (found[2] ?? '').trim();
    } else if (continued && key) data[key] = `${String(data[key])} ${(continued[1] ?? '').trim()}`;
    else break;
  }
  if (Object.keys(data).length === 0) return { data: {}, body: text, lines: 0 };
  const body = lines.slice(index).join('\n').replace(/^\n+/, '');
  return { data, body, lines: linesOf(text.slice(0, text.length - body.length)) };
}
