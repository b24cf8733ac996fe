import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { ProblemReports } from '../catalog/index.ts';
import type { Documents } from './documents.ts';
import type { Published } from './published.ts';
import type { Store } from './store.ts';
import { docsReporter } from './to-problems.ts';

/** Longer than this nobody looks for changes at a time. */
const longestMs = 40_000;

/** Defines what happens apart from requests: changes of documents are seen, old pages are forgotten. */
export function defineJobs(
  jobs: Jobs,
  tools: {
    documents: Documents;
    published: Published | undefined;
    problems: ProblemReports;
    store: Store;
    log: Logger;
  },
): void {
  const { documents, published, problems, store, log } = tools;
  let next = 0;
  jobs.define<null>({
    name: 'techdocs.follow',
    every: 120_000,
    async run(_payload, context) {
      const present = await documents.summaries();
      const refs = new Set([...present.map(({ entityRef }) => entityRef), ...(await documents.followOthers())]);
      for (const ref of (await store.sites()).keys())
        if (!refs.has(ref)) {
          await problems.report(docsReporter, ref, []);
          await documents.forget(ref);
          await store.removeSite(ref);
        }
      // Where there are very many sites, each run goes on where the one before has stopped.
      const until = Date.now() + longestMs;
      for (let count = 0; count < present.length && Date.now() < until; count += 1) {
        if (context.signal.aborted) return;
        next = (next + 1) % present.length;
        const { entityRef } = present[next]!;
        try {
          const kept = await published?.metadata(entityRef);
          await documents.follow(entityRef, kept && `published ${kept.etag}`);
        } catch (error) {
          log.debug({ error, entity: entityRef }, 'the documents of an entity cannot be read');
        }
      }
    },
  });
  jobs.define<null>({ name: 'techdocs.prune', cron: '43 3 * * *', run: () => store.prune(Date.now()) });
}
