import { posix } from 'node:path';

/** A file of a commit. */
export type Blob = { sha: string; size: number; isLink: boolean };

const longestLink = 4_096;
const mostLinks = 2_000;
const mostFiles = 20_000;
const deepest = 5;

/**
 * Follows the links of a commit as a disk would: to files and folders of the same commit.
 *
 * @param read - gives the content of a blob
 * @returns all files, those behind links by the path of the link; and the links that lead nowhere or out
 */
export async function followLinks(
  tree: ReadonlyMap<string, Blob>,
  read: (sha: string) => Promise<Uint8Array>,
): Promise<{ files: ReadonlyMap<string, Blob>; refused: string[] }> {
  const links = [...tree].filter(([, blob]) => blob.isLink);
  if (links.length === 0) return { files: tree, refused: [] };
  const targets = new Map<string, string>();
  for (const [path, { sha, size }] of links.slice(0, mostLinks)) {
    if (size > longestLink) continue;
    const written = new TextDecoder().decode(await read(sha));
    const target = posix.normalize(posix.join(posix.dirname(path), written)).replace(/\/$/, '');
    if (!written.startsWith('/') && !target.startsWith('..')) targets.set(path, target);
  }
  const resolve = (path: string): string | undefined => {
    let current: string | undefined = targets.get(path);
    for (let depth = 0; current !== undefined && tree.get(current)?.isLink; depth += 1)
      current = depth < deepest ? targets.get(current) : undefined;
    return current;
  };
  const files = new Map([...tree].filter(([, blob]) => !blob.isLink));
  const refused: string[] = [];
  for (const [path] of links) {
    const target = resolve(path);
    const file = target === undefined ? undefined : tree.get(target);
    if (file) {
      files.set(path, file);
      continue;
    }
    const start = `${target}/`;
    // A folder that has the link itself would go on for ever.
    const inside =
      target === undefined || path.startsWith(start)
        ? []
        : [...tree].filter(([each, blob]) => each.startsWith(start) && !blob.isLink);
    if (inside.length === 0 || files.size > mostFiles + tree.size) refused.push(path);
    for (const [each, blob] of inside.slice(0, mostFiles)) files.set(`${path}/${each.slice(start.length)}`, blob);
  }
  return { files, refused };
}
