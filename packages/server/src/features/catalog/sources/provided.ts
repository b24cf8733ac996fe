import { isJsonObject } from '@callboard/model';
import type { AppError } from '../../../core/errors/index.ts';
import type { CatalogContext } from '../context.ts';
import { sourceErrors } from '../errors.ts';
import { allSources, insertSource, updateSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';
import { newSourceRow } from './configured.ts';
import type { FoundDocument, ProvidedSource, Source, SourceSession } from './types.ts';

const limits = { pages: 1_000, entities: 100_000, bytes: 128 * 1024 * 1024 };
const keyOf = (target: string) => `plugin:${target}`;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** A name for an entity that stays the same while others come and go; its place when it has none. */
function nameOf(entity: unknown, index: number): string {
  const metadata = isJsonObject(entity) && isJsonObject(entity['metadata']) ? entity['metadata'] : {};
  const kind = isJsonObject(entity) ? text(entity['kind']) : undefined;
  const name = text(metadata['name']);
  if (kind === undefined || name === undefined) return `#${index + 1}`;
  return `${kind}:${text(metadata['namespace']) ?? 'default'}/${name}`.toLowerCase().slice(0, 500);
}

/** Reads everything that a source provides before anything of it counts: half an answer is none. */
export function providedSession(
  source: Source,
  provided: ReadonlyMap<string, ProvidedSource>,
  signal: AbortSignal,
): SourceSession {
  const texts = new Map<string, string>();
  const refuse = (target: string, from: string): AppError => sourceErrors.targetOfPlugin({ target, from });
  return {
    async list() {
      const found = provided.get(source.target);
      if (!found) throw sourceErrors.sourceNotProvided({ target: source.target });
      const documents: FoundDocument[] = [];
      let cursor: string | undefined;
      let bytes = 0;
      for (let page = 0; ; page += 1) {
        signal.throwIfAborted();
        if (page >= limits.pages) throw sourceErrors.providedTooMuch({ target: source.target, limit: '1,000 pages' });
        const answer = await found.read(cursor, signal);
        for (const entity of answer.entities) {
          const content = JSON.stringify(entity, null, 1) ?? 'null';
          bytes += content.length;
          if (texts.size >= limits.entities || bytes > limits.bytes)
            throw sourceErrors.providedTooMuch({ target: source.target, limit: '100,000 entities or 128 MiB' });
          const named = `plugin:${source.target}/${nameOf(entity, texts.size)}`;
          // The second of one name is a document as well, so that its claim is seen as the conflict that it is.
          const location = texts.has(named) ? `${named}#${texts.size + 1}` : named;
          texts.set(location, content);
          documents.push({ location });
        }
        if (answer.cursor === undefined) return { documents };
        cursor = answer.cursor;
      }
    },
    resolve: async (target, from) => {
      throw refuse(target, from);
    },
    content: async ({ location }) => ({ bytes: Buffer.from(texts.get(location) ?? '') }),
    dependency: async (target, from) => {
      throw refuse(target, from);
    },
  };
}

/**
 * Brings the rows of provided sources in line with what there is.
 *
 * @returns rows that are new, and rows of which nobody knows any more
 */
export async function syncProvidedSources(
  context: CatalogContext,
  wanted: readonly ProvidedSource[],
): Promise<{ added: SourceRow[]; gone: SourceRow[]; kept: SourceRow[] }> {
  const { db } = context;
  return db.transaction<CatalogTables, { added: SourceRow[]; gone: SourceRow[]; kept: SourceRow[] }>(async (tx) => {
    await db.exclusive(tx, 'catalog.sources');
    const rows = (await allSources(tx)).filter((row) => row.origin === 'plugin');
    const added: SourceRow[] = [];
    const kept: SourceRow[] = [];
    for (const { target, everySeconds } of wanted) {
      // What an administrator let it add may be of every kind, people included.
      const options = JSON.stringify({ everySeconds, anyKind: true });
      const row = rows.find((candidate) => candidate.key === keyOf(target));
      if (row && row.options !== options) await updateSource(tx, row.id, { options });
      if (row) kept.push(row);
      else
        added.push(
          await insertSource(db, tx, (id) => ({
            ...newSourceRow(
              id,
              { key: keyOf(target), origin: 'plugin', type: 'plugin', target, options, location_id: null },
              context.now(),
            ),
            entity_ref: null,
          })),
        );
    }
    const targets = new Set(wanted.map(({ target }) => keyOf(target)));
    return { added, kept, gone: rows.filter((row) => !targets.has(row.key)) };
  });
}
