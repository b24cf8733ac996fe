import picomatch from 'picomatch';

/**
 * A CODEOWNERS file as code hosts read it: one pattern per line with those who own what it matches; the last match wins. Patterns are those of
 * .gitignore without negation and character classes. https://docs.github.com/articles/about-code-owners,
 * https://docs.gitlab.com/user/project/codeowners/reference/
 */
export type Codeowners = { pattern: string; matches: (path: string) => boolean; owners: string[] }[];

/** Where such a file may stand below the root of a repository; the first one counts. */
export const codeownersPlaces = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

const mostLines = 10_000;
const longestLine = 1_000;
const heading = /^\^?\[[^\]]+\](?:\[\d+\])?\s*(.*)$/;

/** Splits at white space that no backslash keeps together. */
const words = (line: string): string[] => line.match(/(?:\\.|[^\s\\])+/g) ?? [];

/** Everything behind a # that begins a word is a comment. */
const withoutComment = (line: string): string => line.replace(/(^|\s)#.*$/, '');

function matcherOf(written: string): (path: string) => boolean {
  const text = written
    .replaceAll(/\\(.)/g, '$1')
    .replaceAll(/[[\](){}!+@?]/g, (each) => (each === '?' ? '?' : `\\${each}`));
  const isFolder = text.endsWith('/');
  const body = text.replace(/^\//, '').replace(/\/$/, '');
  // A slash at the beginning or in the middle ties a pattern to the root; otherwise it holds at any depth.
  const rooted = text.startsWith('/') || body.includes('/') ? body : `**/${body}`;
  // "docs/*" means the files in docs, not those in folders of it.
  const isDirectOnly = body.endsWith('/*');
  const globs = [...(isFolder ? [] : [rooted]), ...(isDirectOnly ? [] : [`${rooted}/**/*`])];
  return picomatch(globs, { dot: true, nobrace: true, noextglob: true });
}

/** Reads a CODEOWNERS file; lines that make no sense are passed over. */
export function readCodeowners(text: string): Codeowners {
  const rules: Codeowners = [];
  let sectionOwners: string[] = [];
  for (const full of text.split(/\r?\n/, mostLines)) {
    if (full.length > longestLine) continue;
    const line = withoutComment(full).trim();
    const section = heading.exec(line);
    if (section) sectionOwners = words(section[1] as string);
    const [pattern, ...owners] = section ? [] : words(line);
    if (pattern === undefined || pattern.startsWith('!')) continue;
    rules.push({ pattern, matches: matcherOf(pattern), owners: owners.length > 0 ? owners : sectionOwners });
  }
  return rules;
}

/** What a CODEOWNERS file may call a group or a person: `@organization/team` and `@person`. Addresses of mail name nobody in a catalog. */
export type CodeownerName = { kinds: string[]; name: string };

/**
 * Who owns a file.
 *
 * @param path - of the file, from the folder for which the CODEOWNERS file holds, without a slash at its beginning
 * @returns those whom the last match names, in order; empty when nothing matches, or a match names nobody
 */
export function codeownersOf(rules: Codeowners, path: string): CodeownerName[] {
  const rule = rules.findLast((each) => each.matches(path));
  return (rule?.owners ?? []).flatMap((owner) => {
    if (!owner.startsWith('@')) return [];
    const parts = owner.replace(/^@+/, '').toLowerCase().split('/');
    const name = parts.at(-1);
    if (!name) return [];
    return [{ name, kinds: parts.length > 1 ? ['group'] : ['user', 'group'] }];
  });
}
