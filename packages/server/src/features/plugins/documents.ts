import type { SearchDocument } from '@callboard/plugin-api';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import { featureErrors } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { linkedTo } from './seen.ts';
import { documentChanged, type DocumentStore } from './store/documents.ts';

const readJob = 'plugins.read-documents';
const pollEveryMs = 300_000;
/** A document as search takes it. */
type FoundDocument = {
  key: string;
  title: string;
  text: string;
  location: string;
  values: Record<string, string[]>;
  fields: Record<string, string>;
  weight: number;
  resourceRef?: string;
};

const most = { documents: 10_000, characters: 32 * 1024 * 1024, pages: 1_000 };

/**
 * Keeps what plugins give to be found: each source is read as a whole at times and when its plugin changes, and search hears of the
 * differences. Documents of a plugin that is not in use go, as nobody could follow them.
 */
export function createDocuments(parts: { runtime: Runtime; store: DocumentStore; jobs: Jobs; log: Logger }) {
  const { runtime, store, jobs, log } = parts;
  const sources = () =>
    runtime
      .all()
      .filter((plugin) => plugin.state === 'enabled')
      .flatMap((plugin) =>
        (plugin.manifest.contributes?.searchSources ?? []).map(({ id }) => ({ plugin, id, key: `${plugin.id}/${id}` })),
      );

  async function read(key: string, signal: AbortSignal): Promise<void> {
    const found = sources().find((source) => source.key === key);
    if (!found) {
      await store.replace(key, []);
      return;
    }
    const { plugin, id } = found;
    const documents: SearchDocument[] = [];
    let cursor: string | undefined;
    let characters = 0;
    let page = 0;
    do {
      const input = cursor === undefined ? {} : { cursor };
      const answer = (await runtime.call(plugin.id, `searchSources/${id}`, input, { signal })) as {
        documents: SearchDocument[];
        cursor?: string;
      };
      for (const document of answer.documents) characters += document.text.length;
      documents.push(...answer.documents);
      page += 1;
      if (documents.length > most.documents || characters > most.characters || page > most.pages)
        throw featureErrors.tooManyDocuments({ plugin: plugin.id, version: plugin.manifest.version, source: id });
      cursor = answer.cursor;
    } while (cursor !== undefined);
    await store.replace(key, documents);
  }

  /** Asks for every source, and for those that there are no more. */
  async function request(only?: string): Promise<void> {
    const keys =
      only === undefined ? new Set([...sources().map(({ key }) => key), ...(await store.sources())]) : [only];
    for (const key of keys) await jobs.enqueue({ name: readJob, key });
  }

  jobs.define<null>({
    name: readJob,
    concurrency: 2,
    timeoutMs: 600_000,
    retry: { attempts: 3, backoffMs: 5_000 },
    run: (_payload, { key, signal }) => read(key, signal),
  });
  jobs.define<null>({ name: 'plugins.poll-documents', every: pollEveryMs, run: () => request() });

  return {
    /** Asks again, for one source or all; failures are tried again by the next poll. */
    refresh(only?: string): void {
      request(only).catch((error: unknown) => log.warn({ error }, 'the documents of plugins could not be asked for'));
    },
    /** As search takes it. */
    searchSource: {
      type: 'plugins',
      version: 2,
      events: [documentChanged],
      open: true,
      async toDocuments(subjects: readonly string[]) {
        const documents = new Map<string, FoundDocument[]>();
        for (const [subject, { source, document }] of await store.bySubject(subjects)) {
          const [plugin = ''] = source.split('/');
          const { title, text, href, type } = document;
          const values = { plugin: [plugin], ...(type !== undefined && { type: [type] }) };
          const fields = { plugin, ...(type !== undefined && { type }) };
          const resourceRef = document.about?.toLowerCase() ?? linkedTo(href);
          const found = { key: subject, title, text, location: href, values, fields, weight: 0.9 };
          documents.set(subject, [{ ...found, ...(resourceRef !== undefined && { resourceRef }) }]);
        }
        return documents;
      },
      subjects: store.subjects,
    },
  };
}
