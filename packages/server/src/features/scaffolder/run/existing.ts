import { basename } from 'node:path';
import type { JsonObject } from '@callboard/model';
import { type Action, type ActionContext, textOf } from '../actions/action.ts';
import { compareFolders } from '../files/compare.ts';
import type { Workspace } from '../files/workspace.ts';
import type { Comparison } from '../types.ts';

/** Compares the files that a step would put into a folder with those that are in it. */
export async function compareWithFolder(
  workspace: Workspace,
  step: string,
  input: JsonObject,
  folder: string,
): Promise<Comparison> {
  const source = workspace.resolve(textOf(input, 'sourcePath') ?? '.');
  const into = (textOf(input, 'targetPath') ?? '.').replace(/^\/+/, '') || '.';
  return { step, place: basename(folder), ...(await compareFolders(source, { directory: folder, into })) };
}

/** What an action would change in what is there now. What cannot be read is named: the rest of the plan stands without it. */
export async function compareExisting(
  action: Action,
  context: ActionContext,
  against: string | undefined,
): Promise<Comparison[]> {
  const step = context.step.id;
  if (against !== undefined) return [await compareWithFolder(context.workspace, step, context.input, against)];
  try {
    const found = await action.existing?.(context);
    if (!found) return [];
    const { place, branch, source, directory, into } = found;
    const compared = await compareFolders(source, { directory, into });
    return [{ step, place, ...(branch !== undefined && { branch }), ...compared }];
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    const reason = message.replaceAll(context.workspace.directory, '.');
    context.miss({ value: 'what is there now', reason, ...(fix !== undefined && { fix }) });
    return [];
  }
}
