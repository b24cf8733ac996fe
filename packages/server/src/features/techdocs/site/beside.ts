import { posix } from 'node:path';
import type { FileTree } from '../../../core/files/index.ts';
import { pathInTree } from '../../../core/files/index.ts';
import { isPage } from '../formats/mkdocs/paths.ts';
import type { SiteFile } from './types.ts';

const target =
  /\]\(\s*<?([^)\s>]+)|^[ ]{0,3}\[[^\]\n]{1,200}\]:[ \t]*<?([^\s>]+)|\b(?:src|href)\s*=\s*["']([^"'\s]+)/gm;
const outside = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#|\?)/i;
const mostTargets = 60;
const mostBytes = 8 * 1024 * 1024;

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

function checksum(bytes: Uint8Array): string {
  let sum = 2166136261;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 16777619);
  return (sum >>> 0).toString(36);
}

/** A file that is not listed with the documents; reading it tells its version. */
export async function fileBeside(tree: FileTree, source: string): Promise<(SiteFile & { text: string }) | undefined> {
  const bytes = await tree.read(source, { mostBytes }).catch(() => undefined);
  if (!bytes) return undefined;
  const text = isPage(source) ? new TextDecoder().decode(bytes) : '';
  return { source, version: `${bytes.length}-${checksum(bytes)}`, size: bytes.length, text };
}

/**
 * Finds the files that a README names and that are no documents: its images, what else is to be read. Paths start where the README lies.
 *
 * @param isKnown - files that are part of the site already
 */
export async function namedBeside(
  tree: FileTree,
  text: string,
  isKnown: (source: string) => boolean,
): Promise<SiteFile[]> {
  const wanted = new Set<string>();
  for (const [, link, reference, html] of text.matchAll(target)) {
    const written = (link ?? reference ?? html)!;
    if (outside.test(written)) continue;
    const path = pathInTree(posix.join('.', decode(written.replace(/[?#].*$/s, '')).replace(/^\/+/, '')));
    // What begins with a dot is meant for programs.
    if (!path || /(?:^|\/)\./.test(path) || isKnown(path)) continue;
    wanted.add(path);
    if (wanted.size >= mostTargets) break;
  }
  const found: SiteFile[] = [];
  for (const path of wanted) {
    const file = await fileBeside(tree, path);
    if (file) found.push({ source: file.source, version: file.version, size: file.size });
  }
  return found;
}
