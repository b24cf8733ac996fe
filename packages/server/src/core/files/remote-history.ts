import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { git, type GitOptions } from './git-command.ts';
import { type History, historyOf } from './history.ts';

/** So many commits are looked at; what was changed before is not known. */
const depth = 1000;
/** A far side that has failed is left alone for so long. */
const askAgainMs = 600_000;

type Fetch = { at: number; isDone: boolean; isGood: boolean; done: Promise<void> };

const fetches = new Map<string, Fetch>();
/** What is fetched into one folder waits for what came before. */
const turns = new Map<string, Promise<void>>();
const mostFetches = 2000;

/**
 * What the past of a remote repository tells. Clones have the newest commit only, so the commits behind it are fetched into a folder of their own, with
 * the names of files but without their contents, when somebody wants to know.
 *
 * @param options.directory - of the clone; the past is kept beside it
 * @param options.version - the branch or tag that `commit` is the end of
 */
export function remoteHistory(options: {
  directory: string;
  remote: string;
  version: string;
  commit: string;
  prefix: string;
  call: GitOptions;
}): History {
  const { remote, version, commit, prefix, call } = options;
  const directory = `${options.directory}.history`;
  const key = `${directory} ${commit}`;
  const inside = { ...call, directory };
  const here = () => historyOf({ commit, prefix, call: inside });

  async function bring(): Promise<void> {
    if (!(await stat(join(directory, 'HEAD')).catch(() => undefined))) {
      await mkdir(directory, { recursive: true });
      await git(['init', '--bare', '--quiet'], inside);
    }
    const isKnown = await git(['cat-file', '-e', `${commit}^{tree}`], inside).then(
      () => true,
      () => false,
    );
    if (isKnown) return;
    const kept = `refs/callboard/${createHash('sha1').update(version).digest('hex')}`;
    const fetch = [`--depth=${depth}`, '--no-tags', '--filter=blob:none', '--', remote, `+${version}:${kept}`];
    await git(['fetch', '--quiet', ...fetch], inside).catch(async (error: unknown) => {
      // What a crash left half written is made anew the next time.
      if (!call.signal.aborted) await rm(directory, { recursive: true, force: true });
      throw error;
    });
  }

  function started(): Fetch {
    const known = fetches.get(key);
    if (known && (known.isGood || !known.isDone || Date.now() - known.at < askAgainMs)) return known;
    const before = turns.get(directory) ?? Promise.resolve();
    const fetch: Fetch = { at: Date.now(), isDone: false, isGood: false, done: Promise.resolve() };
    fetch.done = before.then(bring).then(
      () => void ((fetch.isDone = true), (fetch.isGood = true)),
      () => void (fetch.isDone = true),
    );
    turns.set(directory, fetch.done);
    void fetch.done.then(() => turns.get(directory) === fetch.done && turns.delete(directory));
    fetches.delete(key);
    fetches.set(key, fetch);
    if (fetches.size > mostFetches) fetches.delete(fetches.keys().next().value!);
    return fetch;
  }

  /** Nobody who reads waits for another machine. */
  async function ready(isPatient: boolean | undefined): Promise<boolean> {
    const fetch = started();
    if (!fetch.isDone && isPatient === true) await fetch.done;
    return fetch.isGood;
  }
  return {
    changes: async (how) => ((await ready(how?.isPatient)) ? here().changes() : new Map()),
    changedBeside: async (folders, how) => ((await ready(how?.isPatient)) ? here().changedBeside(folders) : undefined),
  };
}
