/** Reads Markdown pages for the tests of the documentation: their links, headings and code blocks, each with its line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const passedOver = new Set(['node_modules', '.git', '.callboard', 'dist', 'coverage', 'skeleton']);

/** Every Markdown file below a folder; skeletons of templates are texts yet to be filled in, and left out. */
export function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : markdownFiles(path);
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The code blocks of a page: language, the rest of the opening line, text without the indentation of the fence, and the line of the fence. */
export function codeBlocks(text) {
  const blocks = [];
  let open;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/.exec(line);
    if (!open && fence)
      open = {
        indent: fence[1].length,
        mark: fence[2],
        language: fence[3],
        info: fence[4],
        line: index + 1,
        lines: [],
      };
    else if (open && fence && fence[2].startsWith(open.mark) && fence[3] === '') {
      const { indent, lines, language, info, line: start } = open;
      blocks.push({
        language,
        info,
        line: start,
        text: lines.map((each) => each.slice(Math.min(indent, each.search(/\S|$/)))).join('\n'),
      });
      open = undefined;
    } else open?.lines.push(line);
  }
  return blocks;
}

/** The lines of a page; those of code blocks are blank, so that the others keep their numbers. */
function linesOutsideCode(text) {
  let fence;
  return text.split(/\r?\n/).map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      return '';
    }
    return fence === undefined ? line : '';
  });
}

/** Links and images of a page that lead to something in the repository: `{ target, line }`. Addresses of other hosts are left out. */
export function relativeLinks(text) {
  const links = [];
  for (const [index, full] of linesOutsideCode(text).entries()) {
    const line = full.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    const inline = [...line.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1]);
    const reference = [...line.matchAll(/^\s*\[[^\]^][^\]]*\]:\s*(\S+)/g)].map((match) => match[1]);
    const html = [...line.matchAll(/<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g)].map(
      (match) => match[1],
    );
    for (const target of [...inline, ...reference, ...html])
      if (!/^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) links.push({ target, line: index + 1 });
  }
  return links;
}

/** The anchors of a page's headings, as code hosts make them. */
export function headingAnchors(text) {
  const seen = new Map();
  return linesOutsideCode(text).flatMap((line) => {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (!heading) return [];
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return [times === 0 ? slug : `${slug}-${times}`];
  });
}
