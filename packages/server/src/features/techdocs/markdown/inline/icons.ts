import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Prefix of the shortcode → package and its folder of drawings. */
const sets: [prefix: string, name: string, packageName: string, folder: string][] = [
  ['material-', 'material', '@mdi/svg', 'svg'],
  ['octicons-', 'octicons', '@primer/octicons', 'build/svg'],
  ['simple-', 'simple', 'simple-icons', 'icons'],
  // Brands that the set above no longer has.
  ['simple-', 'simple', '@fortawesome/fontawesome-free', 'svgs/brands'],
  ['fontawesome-brands-', 'fontawesome/brands', '@fortawesome/fontawesome-free', 'svgs/brands'],
  ['fontawesome-solid-', 'fontawesome/solid', '@fortawesome/fontawesome-free', 'svgs/solid'],
  ['fontawesome-regular-', 'fontawesome/regular', '@fortawesome/fontawesome-free', 'svgs/regular'],
];

export type Icon = { name: string; svg: string };

const known = new Map<string, Icon | undefined>();

function read(shortcode: string): Icon | undefined {
  for (const [prefix, name, packageName, folder] of sets) {
    if (!shortcode.startsWith(prefix)) continue;
    const file = shortcode.slice(prefix.length);
    if (!/^[a-z\d][a-z\d-]{0,80}$/.test(file)) return undefined;
    try {
      const path = join(dirname(require.resolve(`${packageName}/package.json`)), folder, `${file}.svg`);
      const text = readFileSync(path, 'utf8');
      const start = text.indexOf('<svg');
      const svg = text
        .slice(start)
        .replaceAll(/<!--[^]*?-->/g, '')
        .replaceAll(/<title>[^<]*<\/title>/g, '')
        .replace(
          /<svg[^>]*>/,
          (tag) =>
            `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${/viewBox="([^"]*)"/.exec(tag)?.[1] ?? '0 0 24 24'}">`,
        )
        .trim();
      return { name: `${name}/${file}`, svg };
    } catch {
      // Not in this set.
    }
  }
  return undefined;
}

/** The drawing of an icon's shortcode such as `material-check`; undefined where there is none. Files are read once, by name. */
export function iconOf(shortcode: string): Icon | undefined {
  if (!/^(?:material|octicons|simple|fontawesome)-/.test(shortcode)) return undefined;
  if (!known.has(shortcode)) {
    if (known.size > 20_000) known.clear();
    known.set(shortcode, read(shortcode));
  }
  return known.get(shortcode);
}
