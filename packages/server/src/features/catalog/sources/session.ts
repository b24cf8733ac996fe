import { join, resolve } from 'node:path';
import { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import { assertBelowConfigured } from './disk.ts';
import { sourceErrors } from '../errors.ts';
import type { SourceRow } from '../store/tables.ts';
import { createSavers } from '../descriptor/saved.ts';
import { fileSession } from './file.ts';
import { gitSession } from './git.ts';
import type { Source, SourceOptions, SourceSession } from './types.ts';
import { providedSession } from './provided.ts';
import { urlSession } from './url.ts';

/**
 * What entities say of the source they come from (`backstage.io/managed-by-origin-location`): a folder or file of this machine by its full
 * path, as Backstage's clients expect, however the configuration names it.
 */
export const originOf = (
  { directory }: Pick<CatalogContext, 'directory'>,
  { type, target }: Pick<SourceRow, 'type' | 'target'>,
) => `${type}:${type === 'file' ? resolve(directory, target) : target}`;

/** A source as its row says, with its options read. */
export const sourceOptions = (options: string): SourceOptions => JSON.parse(options);

export const sourceOf = (row: SourceRow): Source => ({ ...row, options: sourceOptions(row.options) });

/**
 * Opens what reads a source. Documents with an address of their own (`url:`) are read by http(s) whatever the source is.
 *
 * @throws AppError when the source is not there, cannot be reached, or is of an unknown type
 */
export async function openSession(
  context: CatalogContext,
  row: SourceRow,
  signal: AbortSignal,
): Promise<SourceSession> {
  const source = sourceOf(row);
  const { directory, outbound, config } = context;
  const settings = {
    directory,
    outbound,
    signal,
    hostOf: context.hostOf.find,
    entityFilename: config.entityFilename,
    fileSize: config.limits.fileSize,
  };
  const byAddress = await urlSession(source, settings);
  const own = await ownSession(context, source, { ...settings, cache: join(context.dataDirectory, 'git') });
  if (!own) return byAddress;
  const saverOf = createSavers(context.events, context.savers);
  const isAddress = (location: string) => location.startsWith('url:');
  const isAbsolute = (target: string) => /^(url:)?https?:\/\//.test(target);
  return {
    list: () => own.list(),
    resolve: (target, from) =>
      (isAbsolute(target) || isAddress(from) ? byAddress : own).resolve(target.replace(/^url:(?=http)/, ''), from),
    content: (found, version) => (isAddress(found.location) ? byAddress : own).content(found, version),
    dependency: (target, from) => (isAbsolute(target) || isAddress(from) ? byAddress : own).dependency(target, from),
    author: async (found) => {
      if (isAddress(found.location)) return undefined;
      return source.type === 'file' ? saverOf(found.location) : own.author?.(found);
    },
    close: async () => own.close?.(),
  };
}

async function ownSession(
  context: CatalogContext,
  source: Source,
  settings: Parameters<typeof gitSession>[1],
): Promise<SourceSession | undefined> {
  switch (source.type) {
    case 'file':
      // Folders may have become links since it was registered.
      if (source.options.belowConfigured) await assertBelowConfigured(context, source.target);
      return fileSession(source, settings);
    case 'git':
      return gitSession(source, settings);
    case 'url':
      return undefined;
    case 'plugin':
      return providedSession(source, context.provided, settings.signal);
    default:
      throw sourceErrors.sourceTypeUnknown({ type: source.type, target: source.target });
  }
}

/** An error of the outside world as an AppError; what we did not expect keeps its message but not its stack. */
export function readingError(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return sourceErrors.sourceUnreadable(
    { target, reason, hint: 'Check that it is there and may be read.' },
    { cause: error },
  );
}
