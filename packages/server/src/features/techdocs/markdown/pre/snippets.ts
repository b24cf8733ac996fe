import { note, type Page } from '../page.ts';

const inline = /^([ \t]*)-{2,}8<-{2,}[ \t]+(?:"((?:\\"|[^"\n])+)"|'((?:\\'|[^'\n])+)')[ \t]*$/;
const fenceLine = /^([ \t]*)-{2,}8<-{2,}\s*$/;
const include = /\{!\s*(\S.*?)\s*!\}/g;
const deepestSnippet = 20;
const mostText = 4_000_000;

/** What may stand behind the name of a file: lines (`:4:6`, `:4`, `::6`, several with commas) or the name of a section. */
const partOf = /^(.+?):(\d*(?::\d*)?(?:,\d*(?::\d*)?)*|[A-Za-z][\w-]*)$/;
const marker = /-{2,}8<-{2,}[ \t]+\[[ \t]*(start|end)[ \t]*:[ \t]*([A-Za-z][\w-]*)[ \t]*\]/;

/** The lines that a part names; undefined when there is no such section. Marks of sections are no part of a text. */
function linesOf(lines: string[], part: string | undefined): string[] | undefined {
  const unmarked = (some: string[]) => some.filter((text) => !marker.test(text));
  if (part === undefined) return unmarked(lines);
  if (/^[\d:,]*$/.test(part))
    return unmarked(
      part.split(',').flatMap((range) => {
        const [from = '', to] = range.split(':');
        return lines.slice(Math.max(0, Number(from || 1) - 1), to === undefined || to === '' ? undefined : Number(to));
      }),
    );
  const isMark = (text: string, kind: string) => {
    const found = marker.exec(text);
    return found?.[1] === kind && found[2] === part;
  };
  const start = lines.findIndex((text) => isMark(text, 'start'));
  if (start < 0) return undefined;
  const end = lines.findIndex((text, index) => index > start && isMark(text, 'end'));
  return unmarked(lines.slice(start + 1, end < 0 ? undefined : end));
}

type Reader = { page: Page; length: number; stack: string[] };

function readLines(reader: Reader, path: string, line: number): string[] {
  const { page, stack } = reader;
  if (path.startsWith(';')) return [];
  if (stack.includes(path)) return [];
  const [, file = path, part] = partOf.exec(path) ?? [];
  if (stack.length >= deepestSnippet || reader.length > mostText) {
    note(page, {
      code: 'DOCS_SNIPPETS_TOO_LARGE',
      message: 'Snippets include each other too deeply or make the page too long; the rest is left out.',
      fix: 'Include less, or split the page.',
      line,
    });
    return [];
  }
  const text = /^https?:\/\//i.test(path) ? undefined : page.options.readSnippet(file);
  const own =
    text === undefined ? undefined : linesOf(text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n'), part);
  if (text === undefined || own === undefined) {
    note(page, {
      code: 'DOCS_SNIPPET_MISSING',
      message: `The snippet ${JSON.stringify(path)} is not there.`,
      fix: 'Correct its path; it is looked for below the folder of mkdocs.yml and below the documents.',
      line,
    });
    return [];
  }
  reader.length += text.length;
  stack.push(path);
  const lines = expand(reader, own, line);
  stack.pop();
  return lines;
}

function expand(reader: Reader, lines: string[], atLine?: number): string[] {
  const out: string[] = [];
  let block = false;
  lines.forEach((text, index) => {
    const line = atLine ?? index + 1;
    if (!block && !text.includes('8<')) {
      out.push(text);
      return;
    }
    const match = inline.exec(text);
    if (match) {
      if (!block)
        for (const one of readLines(reader, (match[2] ?? match[3] ?? '').trim(), line)) out.push(`${match[1]}${one}`);
      return;
    }
    if (fenceLine.test(text)) {
      block = !block;
      return;
    }
    if (!block) {
      out.push(text);
      return;
    }
    const path = text.trim();
    const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
    if (path) for (const one of readLines(reader, path, line)) out.push(`${indent}${one}`);
    else out.push('');
  });
  return out;
}

/** Puts the texts of `--8<--` in place, and appends what the site appends to every page. */
export function includeSnippets(page: Page, text: string): string {
  let result = text;
  if (page.features.has('pymdownx.snippets')) {
    const append = page.features.option('pymdownx.snippets', 'auto_append');
    const paths = Array.isArray(append) ? append.filter((path) => typeof path === 'string') : [];
    const tail = paths.length > 0 ? `\n\n--8<--\n${paths.join('\n\n')}\n--8<--\n` : '';
    if (tail || result.includes('8<'))
      result = expand({ page, length: 0, stack: [] }, `${result}${tail}`.split('\n')).join('\n');
  }
  if ((page.features.has('markdown_include.include') || page.features.has('mdx_include')) && result.includes('{!')) {
    const reader: Reader = { page, length: 0, stack: [] };
    result = result.replaceAll(include, (_all, path: string, offset: number) =>
      readLines(reader, path, result.slice(0, offset).split('\n').length).join('\n'),
    );
  }
  return result;
}
