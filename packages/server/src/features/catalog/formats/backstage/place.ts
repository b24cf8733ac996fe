import { dirname, posix, resolve as resolvePath } from 'node:path';
import type { LocationRef } from '@callboard/model';
import { type CodeHost, fileInRepository, inOtherRepository } from './hosts.ts';
import { pageOfClonedFile, resolveTarget } from './urls.ts';

/** Where a target of a placeholder is read from: the words for the reader, and what it is relative to in turn. */
export type ResolvedTarget = { target: string } | { refused: string };

const isAddress = (text: string) => /^https?:\/\//i.test(text);

/**
 * Resolves what a document points at: for documents read by URL an absolute URL, for files an absolute path, for cloned repositories a
 * path in the repository. Files of another repository are refused.
 */
export function resolveReference(target: string, base: LocationRef, hosts: CodeHost[]): ResolvedTarget {
  if (base.type === 'file') {
    return { target: isAddress(target) ? target : resolvePath(dirname(base.target), target) };
  }
  if (base.type === 'git') {
    if (!isAddress(target)) return { target: posix.normalize(target) };
    const page = pageOfClonedFile(base.target, hosts);
    if (page === undefined) return { target };
    if (inOtherRepository(target, page)) return { refused: 'it is in another repository' };
    const [file, own] = [fileInRepository(target), fileInRepository(page)];
    return { target: file && own && file.repository === own.repository ? `/${file.path}` : target };
  }
  try {
    const resolved = resolveTarget(target, base.target, hosts);
    return inOtherRepository(resolved, base.target) ? { refused: 'it is in another repository' } : { target: resolved };
  } catch {
    return { refused: `no address can be made of it and ${base.target}` };
  }
}

/** Resolves a reference within a file that was itself reached by a placeholder; undefined for other servers, which are not followed. */
export function resolveWithin(target: string, from: string, base: LocationRef): string | undefined {
  if (isAddress(from)) {
    if (!URL.canParse(target, from)) return undefined;
    const url = new URL(target, from);
    return url.origin === new URL(from).origin && !inOtherRepository(url.href, from) ? url.href : undefined;
  }
  if (isAddress(target)) return undefined;
  if (base.type === 'file') return resolvePath(dirname(from), target);
  // Paths in a clone start at the descriptor, or with a slash at the root of the repository.
  return target.startsWith('/') ? posix.normalize(target) : posix.join(posix.dirname(from), target);
}
