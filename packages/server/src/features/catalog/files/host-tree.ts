import { posix } from 'node:path';
import type { FileTree } from '../../../core/files/index.ts';
import { sourceErrors } from '../errors.ts';
import type { HostFiles, HostTree } from '../sources/types.ts';
import type { RepositoryAddress } from './repository-address.ts';

const standardBytes = 32 * 1024 * 1024;
/** A tree is asked for again after this time, with what its last answer was marked with. */
const askAgainMs = 60_000;
const most = { trees: 200, bytes: 32 * 1024 * 1024 };

type Kept = { at: number; tree: HostTree };

/** Opens folders of repositories through the API of their host. What is known of them is kept, so that an unchanged folder costs one question. */
export function createHostTrees(now: () => number) {
  const trees = new Map<string, Kept>();
  const contents = new Map<string, Uint8Array>();
  let bytes = 0;

  async function treeOf(host: HostFiles, url: string, signal: AbortSignal): Promise<HostTree> {
    const known = trees.get(url);
    if (known && now() - known.at < askAgainMs) return known.tree;
    const answer = await host.tree(url, known?.tree.version, signal);
    const tree = answer === 'unchanged' ? known!.tree : answer;
    trees.delete(url);
    trees.set(url, { at: now(), tree });
    if (trees.size > most.trees) trees.delete(trees.keys().next().value!);
    return tree;
  }

  function keep(key: string, content: Uint8Array): void {
    contents.set(key, content);
    bytes += content.length;
    for (const [oldest, old] of contents) {
      if (bytes <= most.bytes) break;
      contents.delete(oldest);
      bytes -= old.length;
    }
  }

  return {
    /** Files have changed: everything is asked for again. */
    forget: () => trees.clear(),
    async open(
      host: HostFiles,
      target: string,
      address: RepositoryAddress,
      options: { version?: string; signal: AbortSignal; page?: FileTree['pages'] },
    ): Promise<FileTree> {
      const { signal } = options;
      const current = address.version;
      const version = options.version ?? current;
      const named = new RegExp(
        `(/(?:tree|blob|src|branch)/)${current.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=/|$)`,
      );
      const url =
        version === current
          ? target
          : named.test(target)
            ? target.replace(named, `$1${version}`)
            : `${target}/tree/${version}`;
      const base = url.replace(/\/+$/, '');
      // From the root of the repository, so that files beside the folder can be reached as well.
      const root = address.folder === '' ? base : base.slice(0, -address.folder.length - 1);
      const tree = await treeOf(host, base, signal);
      const files = new Map(tree.entries.filter(({ type }) => type === 'file').map((entry) => [entry.path, entry]));

      return {
        name: url,
        ...(version !== 'HEAD' && { version }),
        ...(/^[0-9a-f]{7,64}$/.test(tree.version) && { commit: tree.version }),
        async list(folder) {
          const start = posix.normalize(`${folder}/`).replace(/^(\.\/|\/)+/, '');
          if (start.startsWith('..')) return { files: [], refused: [], isComplete: true };
          return {
            files: [...files.values()]
              .filter(({ path }) => path.startsWith(start))
              .map((entry) => ({ path: entry.path, size: entry.size ?? 0, version: entry.version }))
              .sort((one, other) => (one.path < other.path ? -1 : 1)),
            refused: [],
            isComplete: true,
          };
        },
        async read(path, { mostBytes = standardBytes, wide = false } = {}) {
          const inTree = posix.normalize(path).replace(/^(\.\/|\/)+/, '');
          const known = files.get(inTree);
          const inRepository = posix.join(address.folder, inTree);
          if (!known && (!wide || inRepository.startsWith('..'))) return undefined;
          const size = known?.size ?? 0;
          if (size > mostBytes) throw sourceErrors.targetTooLarge({ target: path, size, limit: mostBytes });
          const key = known && `${known.version} ${base}/${inTree}`;
          const kept = key === undefined ? undefined : contents.get(key);
          if (kept) return kept;
          const found = await host.read(`${root}/${inRepository}`, undefined, signal);
          if (found === undefined || found === 'unchanged') return undefined;
          if (found.bytes.length > mostBytes)
            throw sourceErrors.targetTooLarge({ target: path, size: found.bytes.length, limit: mostBytes });
          if (key !== undefined) keep(key, found.bytes);
          return found.bytes;
        },
        versions: async () =>
          (await host.branches(url, signal)).map((name) => ({
            name,
            kind: 'branch' as const,
            isCurrent: name === current,
          })),
        // A host tells this file by file only, which nobody can afford.
        changes: async () => new Map(),
        changedBeside: async () => undefined,
        pages: options.page ?? (() => ({})),
        close: async () => undefined,
      };
    },
  };
}
