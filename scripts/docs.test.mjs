import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeDocuments } from '../packages/server/src/check.ts';
import { codeBlocks, headingAnchors, markdownFiles, relativeLinks } from './markdown.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = markdownFiles(root).map((path) => ({
  path,
  name: relative(root, path),
  text: readFileSync(path, 'utf8'),
}));
const isOurs = ({ name }) => !name.startsWith('examples/company/');

function faultOf(page, { target, line }) {
  const [address, anchor] = target.split('#');
  const path = decodeURIComponent(address.split('?')[0]);
  // In the documents of the example company these are pages of the portal.
  if (path.startsWith('/') && !isOurs(page)) return [];
  const file = path === '' ? page.path : resolve(dirname(page.path), path);
  if (!existsSync(file)) return [`${page.name}:${line} leads to ${target}, which does not exist`];
  if (!anchor || !file.endsWith('.md')) return [];
  return headingAnchors(readFileSync(file, 'utf8')).includes(anchor)
    ? []
    : [`${page.name}:${line} leads to ${target}, and there is no such heading`];
}

test('every relative link, image and anchor leads somewhere', () => {
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.flatMap((page) => relativeLinks(page.text).flatMap((link) => faultOf(page, link)))).toEqual([]);
});

test('every page of docs/ can be reached from the table of contents', () => {
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path) || !existsSync(path) || !path.endsWith('.md')) return;
    reached.add(path);
    for (const { target } of relativeLinks(readFileSync(path, 'utf8')))
      visit(resolve(dirname(path), target.split('#')[0] || path));
  };
  visit(join(root, 'docs/README.md'));
  const docs = pages.filter(({ name }) => name.startsWith('docs/'));
  expect(docs.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

/** What is wrong with the YAML of a block, read as a descriptor is; whether it describes an entity does not matter here. */
async function yamlFaults(text) {
  const location = 'file:/block.yaml';
  const read = () => Promise.reject(new Error('a block stands alone'));
  const settings = { skipSkeletons: false };
  const { problems, documents } = await describeDocuments({ location, originLocation: location, text, settings, read });
  return [...problems, ...documents.flatMap((document) => document.problems)]
    .filter(({ code }) => code === 'CATALOG_YAML_SYNTAX')
    .map(({ line, message }) => `line ${line} of the block: ${message}`);
}

function jsonFaults(text) {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [error.message];
  }
}

test('YAML and JSON in the documentation can be read', async () => {
  const faults = [];
  for (const { name, text } of pages.filter(isOurs))
    for (const block of codeBlocks(text)) {
      const found =
        block.language === 'json'
          ? jsonFaults(block.text)
          : block.language === 'yaml'
            ? await yamlFaults(block.text)
            : [];
      faults.push(...found.map((fault) => `${name}:${block.line} ${fault}`));
    }
  expect(faults).toEqual([]);
  expect(await yamlFaults('a: [1\nb: 2\n')).toHaveLength(1);
  expect(jsonFaults('{"a": }')).toHaveLength(1);
});

/** Whether the lines stand in the source: one after the other, or with gaps where the quotation is shortened. */
function isQuoted(lines, source, shortened) {
  if (!shortened) return `\n${source}\n`.includes(`\n${lines.join('\n')}\n`);
  let at = 0;
  return lines.every((line) => {
    const found = source
      .split('\n')
      .slice(at)
      .findIndex((each) => each.trim() === line.trim());
    at += found + 1;
    return found !== -1;
  });
}

test('quotations from examples/ are what stands there', () => {
  const quotations = pages.filter(isOurs).flatMap(({ name, text }) =>
    codeBlocks(text).flatMap((block) => {
      const [, file, shortened] = /title="(\S+?)( \(shortened\))?"/.exec(block.info) ?? [];
      return file ? [{ place: `${name}:${block.line}`, file, shortened, text: block.text }] : [];
    }),
  );
  expect(quotations.length).toBeGreaterThan(5);
  const wrong = quotations.filter(({ file, shortened, text }) => {
    const source = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '';
    const lines = text.split('\n').filter((line) => !shortened || line.trim() !== '');
    return !isQuoted(lines, source, shortened !== undefined);
  });
  expect(wrong.map(({ place, file }) => `${place} is not what stands in ${file}`)).toEqual([]);
});

test('links, anchors and blocks are found, code is not taken for a link', () => {
  const page = [
    '# One [two](a.md) thing',
    'See ![picture](images/a%20b.png "title") and `[not](this.md)` and [out](https://example.com).',
    '## One [two](a.md) thing',
    '[ref]: ../b.md#part',
    '  ```yaml title="x.yaml"',
    '  a: [1](not.md)',
    '  ```',
    '<img src="c.png" alt="">',
  ].join('\n');
  expect(relativeLinks(page)).toEqual([
    { target: 'a.md', line: 1 },
    { target: 'images/a%20b.png', line: 2 },
    { target: 'a.md', line: 3 },
    { target: '../b.md#part', line: 4 },
    { target: 'c.png', line: 8 },
  ]);
  expect(headingAnchors(page)).toEqual(['one-two-thing', 'one-two-thing-1']);
  expect(headingAnchors('# A `b` & c\n# A `b` & c\n```\n# no\n```\n')).toEqual(['a-b--c', 'a-b--c-1']);
  expect(codeBlocks(page)).toEqual([{ language: 'yaml', info: 'title="x.yaml"', line: 5, text: 'a: [1](not.md)' }]);
  expect(isQuoted(['b', 'c'], 'a\nb\nc', false)).toBe(true);
  expect(isQuoted(['a', 'c'], 'a\nb\nc', false)).toBe(false);
  expect(isQuoted(['a', 'c'], 'a\nb\nc', true)).toBe(true);
  expect(isQuoted(['c', 'a'], 'a\nb\nc', true)).toBe(false);
});
