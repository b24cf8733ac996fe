import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

const built = fileURLToPath(new URL('../packages/web/dist/', import.meta.url));
const assets = join(built, 'assets');

/** Bytes that leave the first route, whose limit is 170 kB of JavaScript and 36 kB of CSS, room to grow. */
const mostScript = 166_000;
const mostStyle = 31_000;

const gzipped = (file: string) => gzipSync(readFileSync(join(assets, file)), { level: 9 }).length;
const sizeOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + gzipped(file), 0);

/** The files that a file cannot run without, itself included. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(assets, file), 'utf8');
  for (const [, next] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) withImports(next!, found);
  return found;
}

const chunk = (name: string): string => {
  const file = readdirSync(assets).find((each) => each.startsWith(`${name}-`) && each.endsWith('.js'));
  if (!file) throw new Error(`The built web app has no part ${name}.`);
  return file;
};

/** The files that the page itself names. */
const named = (ending: string): string[] => {
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  return [...page.matchAll(new RegExp(`(?:src|href)="/assets/([\\w.-]+\\.${ending})"`, 'g'))].map(([, file]) => file!);
};

describe('the first route of the built web app', () => {
  test('has room below its limits', () => {
    const script = new Set<string>();
    for (const file of [...named('js'), chunk('HomePage'), chunk('RailSections')]) withImports(file, script);
    expect(sizeOf(script)).toBeLessThanOrEqual(mostScript);
    expect(sizeOf(named('css'))).toBeLessThanOrEqual(mostStyle);
  });

  test('brings nothing that only other pages need', () => {
    const script = new Set<string>();
    for (const file of [...named('js'), chunk('HomePage')]) withImports(file, script);
    const later = ['CatalogPage', 'EntityPage', 'EditorPage', 'GraphView', 'SearchPage', 'Palette', 'Button', 'Modal'];
    expect([...script].filter((file) => later.some((name) => file.startsWith(`${name}-`)))).toEqual([]);
  });
});
