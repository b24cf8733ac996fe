import { git, type GitOptions } from './git-command.ts';
import type { FileTree, LastChange, TreeVersion } from './types.ts';

/** A folder of a repository as it is at a commit; `prefix` is '' or ends with a slash. */
export type Place = { commit: string; prefix: string; call: GitOptions };

const mostCommits = 3000;
const mostVersions = 200;

const run = async ({ call }: Place, args: string[]) =>
  (await git(['-c', 'log.showSignature=false', '-c', 'core.quotePath=false', ...args], call)).toString('utf8');

/** Commits behind which a clone knows nothing: what they changed cannot be told. */
async function boundary(place: Place): Promise<Set<string>> {
  const shallow = (await run(place, ['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  if (!shallow) return new Set();
  const roots = await run(place, ['rev-list', '--max-parents=0', place.commit]);
  return new Set(roots.split('\n').filter(Boolean));
}

/** The last change of each file below a place, from the newest commits. */
async function lastChanges(place: Place): Promise<Map<string, LastChange>> {
  const unknown = await boundary(place);
  const found = new Map<string, LastChange>();
  const format = '--format=%x01%H%x02%at%x02%aN';
  const path = place.prefix === '' ? '.' : place.prefix;
  const output = await run(place, [
    'log',
    `-${mostCommits}`,
    '-z',
    '--name-only',
    '--no-renames',
    format,
    place.commit,
    '--',
    path,
  ]);
  for (const part of output.split('\u0001').slice(1)) {
    const [commit, at, rest] = part.split('\u0002');
    if (unknown.has(commit!)) continue;
    const [author, ...paths] = rest!.split(/\0\n?/);
    for (const each of paths) {
      const own = each.replace(/^\n/, '');
      if (!own.startsWith(place.prefix)) continue;
      const inTree = own.slice(place.prefix.length);
      if (inTree !== '' && !found.has(inTree))
        found.set(inTree, { at: Number(at) * 1000, author: author!, commit: commit! });
    }
  }
  return found;
}

async function changedBeside(place: Place, folders: readonly string[]): Promise<number | undefined> {
  const path = place.prefix === '' ? '.' : place.prefix;
  const without = folders.map((folder) => `:(exclude)${place.prefix}${folder}`);
  const unknown = await boundary(place);
  const output = await run(place, ['log', '-1', '--format=%H %at', place.commit, '--', path, ...without]);
  const [commit, at] = output.trim().split(' ');
  return at === undefined || unknown.has(commit!) ? undefined : Number(at) * 1000;
}

/** Branches and tags that a repository has of its own, newest first. */
export async function localVersions(call: GitOptions, current: string): Promise<TreeVersion[]> {
  const format = '--format=%(refname)%09%(creatordate:unix)';
  const output = await git(
    ['for-each-ref', '--sort=-creatordate', `--count=${mostVersions}`, format, 'refs/heads', 'refs/tags'],
    call,
  );
  return output
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [, kind, name, at] = /^refs\/(heads|tags)\/(.+)\t(\d*)$/.exec(line) ?? [];
      if (!name) return [];
      return [
        {
          name,
          kind: kind === 'heads' ? ('branch' as const) : ('tag' as const),
          ...(at && { at: Number(at) * 1000 }),
          isCurrent: kind === 'heads' && name === current,
        },
      ];
    });
}

export type History = Pick<FileTree, 'changes' | 'changedBeside'>;

const mostHistories = 100;
const histories = new Map<string, History>();

/** What Git tells of a tree; every answer is asked for once per commit. Where Git fails, nothing is known. */
export function historyOf(place: Place | undefined): History {
  if (!place) return { changes: async () => new Map(), changedBeside: async () => undefined };
  const key = `${place.call.directory ?? ''} ${place.commit} ${place.prefix}`;
  const known = histories.get(key);
  if (known) return known;
  let changes: Promise<Map<string, LastChange>> | undefined;
  const beside = new Map<string, Promise<number | undefined>>();
  const history: History = {
    changes: () => (changes ??= lastChanges(place).catch(() => new Map())),
    changedBeside(folders) {
      const which = folders.join('\n');
      const asked = beside.get(which) ?? changedBeside(place, folders).catch(() => undefined);
      beside.set(which, asked);
      return asked;
    },
  };
  histories.set(key, history);
  if (histories.size > mostHistories) histories.delete(histories.keys().next().value!);
  return history;
}
