import type { CallContext } from '@callboard/plugin-api';
import { failure } from '../api.ts';
import type { NewFile } from '../commit.ts';

/** The input of an action, checked by the schema of the manifest before. */
export type Input = Record<string, any>;

export const textOf = (input: Input, key: string): string | undefined =>
  typeof input[key] === 'string' && input[key] !== '' ? input[key] : undefined;

const tidy = (path: string) =>
  path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');

/**
 * The files of the run below a folder, with their paths below another one.
 *
 * @throws Error when there is no such folder, as a step with a wrong path would publish nothing
 */
export async function filesOf(
  { files }: CallContext,
  from: string | undefined,
  to: string | undefined,
): Promise<NewFile[]> {
  if (!files) throw failure('INPUT', 'This action needs the files of a run');
  const [folder, target] = [tidy(from ?? ''), tidy(to ?? '')];
  const start = folder === '' ? '' : `${folder}/`;
  const listed = (await files.list()).filter(({ path }) => path.startsWith(start));
  if (listed.length === 0 && folder !== '') throw failure('INPUT', `There are no files in ${folder} of the workspace`);
  const found: NewFile[] = [];
  for (const { path, executable } of listed) {
    const name = path.slice(start.length);
    found.push({ path: target === '' ? name : `${target}/${name}`, content: await files.read(path), executable });
  }
  return found;
}
