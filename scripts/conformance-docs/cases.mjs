/**
 * The small pages that are tested without MkDocs: packages/server/src/features/techdocs/markdown/testing/cases.txt. Run by itself, this
 * writes beside them what the MkDocs of this machine makes of them, for both profiles: node scripts/conformance-docs/cases.mjs
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadMarkdown } from '../../packages/server/src/features/techdocs/index.ts';
import { digest } from './digest.mjs';

const { renderMarkdown } = await loadMarkdown();

const folder = new URL('../../packages/server/src/features/techdocs/markdown/testing/', import.meta.url);
export const expectedFile = new URL('expected.json', folder);
export const profiles = ['techdocs', 'mkdocs'];

/** What a site of the profile `mkdocs` switches on here. */
const usual = [
  ...(
    'admonition attr_list md_in_html def_list footnotes abbr pymdownx.details pymdownx.superfences pymdownx.inlineh' +
    'ilite pymdownx.emoji pymdownx.tasklist pymdownx.critic pymdownx.caret pymdownx.tilde pymdownx.mark pymdownx.snippets'
  ).split(' '),
  { 'pymdownx.tabbed': { alternate_style: true } },
];

/** @returns the pages: `name`, `text`, and `own`: one more extension, by name or as JSON */
export const readCases = () =>
  readFileSync(new URL('cases.txt', folder), 'utf8')
    .split(/^@@@ /m)
    .slice(1)
    .map((part) => {
      const [head, ...lines] = part.split('\n');
      const [name, own] = head.split(' | ');
      return { name, text: lines.join('\n'), own };
    });

const extensionsOf = ({ own }, profile) => [
  ...(profile === 'mkdocs' ? usual : []),
  ...(own ? [own.startsWith('{') ? JSON.parse(own) : own] : []),
];

/** What a reader gets of our rendering of a page. */
export function render(one, profile) {
  const extensions = extensionsOf(one, profile).flatMap((entry) =>
    typeof entry === 'string'
      ? [{ name: entry, options: {} }]
      : Object.entries(entry).map(([name, options]) => ({ name, options })),
  );
  const options = { profile, extensions, path: 'index.md', resolve: () => undefined, readSnippet: () => undefined };
  return digest(renderMarkdown(one.text, options).html, '/');
}

function reference(one, profile) {
  const site = mkdtempSync(join(tmpdir(), 'callboard-docs-case-'));
  try {
    mkdirSync(join(site, 'docs'));
    writeFileSync(join(site, 'docs/index.md'), one.text);
    writeFileSync(
      join(site, 'mkdocs.yml'),
      JSON.stringify({ site_name: 'x', markdown_extensions: extensionsOf(one, profile) }),
    );
    const helper = fileURLToPath(new URL('reference.py', import.meta.url));
    const { stdout } = spawnSync('/usr/bin/python3', [helper, join(site, 'mkdocs.yml'), profile], { encoding: 'utf8' });
    return digest(JSON.parse(stdout.trim().split('\n').at(-1)).html, '/');
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const expected = {};
  for (const profile of profiles) {
    expected[profile] = {};
    for (const one of readCases()) expected[profile][one.name] = reference(one, profile);
  }
  writeFileSync(expectedFile, `${JSON.stringify(expected, null, 1)}\n`);
}
