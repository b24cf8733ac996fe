import { largestDescriptor } from '@callboard/model/http';
import { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import { decodeText } from '../formats/backstage/decode.ts';
import { assertBelowConfigured } from '../sources/disk.ts';
import { fileScope } from '../sources/file.ts';
import { openSession, readingError, sourceOf, sourceOptions } from '../sources/session.ts';
import type { DescriptorFile } from '../store/descriptors.ts';
import { descriptorErrors } from './errors.ts';
import { hashOf, type JailedFile, readJailed, unwritable } from './file.ts';

/** The text of a descriptor file with what is needed to write it back as it was. */
export type OpenedDescriptor = {
  /** with line feeds only and without byte order mark */
  text: string;
  /** of the bytes */
  hash: string;
  lineEnding: 'lf' | 'crlf';
  hasByteOrderMark: boolean;
  /** where it is written; absent when it cannot be */
  file?: JailedFile;
  /** why it cannot be written */
  reason?: string;
};

const longestReading = 20_000;

const lineFeeds = (text: string) => text.replaceAll('\r\n', '\n');

/** Most of the lines decide. */
function lineEndingOf(text: string): 'lf' | 'crlf' {
  const pairs = text.split('\r\n').length - 1;
  return pairs > 0 && pairs * 2 >= text.split('\n').length - 1 ? 'crlf' : 'lf';
}

/** The bytes of an edited text in the manner of the file that was opened. */
export function encodeLike(text: string, opened: Pick<OpenedDescriptor, 'lineEnding' | 'hasByteOrderMark'>): Buffer {
  const plain = lineFeeds(text);
  const ended = opened.lineEnding === 'crlf' ? plain.replaceAll('\n', '\r\n') : plain;
  return Buffer.from((opened.hasByteOrderMark ? '\uFEFF' : '') + ended, 'utf8');
}

function decode(location: string, bytes: Uint8Array): Omit<OpenedDescriptor, 'file'> {
  const decoded = decodeText(bytes);
  if ('binary' in decoded) throw descriptorErrors.descriptorNoText({ location });
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const reason = isWide
    ? 'it is not stored as UTF-8'
    : decoded.replaced
      ? 'it has bytes that are not UTF-8'
      : undefined;
  return {
    text: lineFeeds(decoded.text),
    hash: hashOf(bytes),
    lineEnding: lineEndingOf(decoded.text),
    hasByteOrderMark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf,
    ...(reason !== undefined && { reason }),
  };
}

/** Reads a descriptor file as it is now, in the way of its source. */
export async function openDescriptor(
  context: CatalogContext,
  { document, source }: DescriptorFile,
): Promise<OpenedDescriptor> {
  const { location } = document;
  try {
    if (source.type === 'file' && location.startsWith('file:')) {
      if (sourceOptions(source.options).belowConfigured) await assertBelowConfigured(context, source.target);
      const { root } = await fileScope(sourceOf(source), context.directory, context.config.entityFilename);
      const file: JailedFile = { path: location.slice('file:'.length), root };
      const opened = decode(location, await readJailed(file, largestDescriptor));
      const reason =
        opened.reason ??
        (context.config.readonly ? 'the catalog is read-only (catalog.readonly)' : await unwritable(file));
      return reason === undefined ? { ...opened, file } : { ...opened, reason };
    }
    const session = await openSession(context, source, AbortSignal.timeout(longestReading));
    try {
      const content = await session.content({ location }, null);
      const bytes = content === 'unchanged' ? new Uint8Array() : content.bytes;
      if (bytes.byteLength > largestDescriptor)
        throw descriptorErrors.descriptorTooLarge({ location, size: bytes.byteLength, limit: largestDescriptor });
      const reason = location.startsWith('git:')
        ? 'it is read from a Git repository, and changes go in there by a commit'
        : 'it is read by its address';
      return { reason, ...decode(location, bytes) };
    } finally {
      await session.close?.();
    }
  } catch (error) {
    throw error instanceof AppError ? error : readingError(error, location);
  }
}
