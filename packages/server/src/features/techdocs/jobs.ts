import type { Jobs } from '../../core/jobs/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { ProblemReports } from '../catalog/index.ts';
import type { Documents } from './documents.ts';
import type { Published } from './published.ts';
import type { Store } from './store.ts';
import { docsReporter } from './to-problems.ts';

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
  jobs.define<null>({
    name: 'techdocs.follow',
    every: 120_000,
    async run(_payload, context) {
      const present = await documents.summaries();
      const refs = new Set(present.map(({ entityRef }) => entityRef));
      for (const ref of (await store.sites()).keys())
        if (!refs.has(ref)) {
          await problems.report(docsReporter, ref, []);
          await store.removeSite(ref);
        }
      for (const { entityRef } of present) {
        if (context.signal.aborted) return;
        try {
          const kept = await published?.metadata(entityRef);
          await documents.follow(entityRef, kept && `published ${kept.etag}`);
        } catch (error) {
          log.debug({ error, entity: entityRef }, 'the documents of an entity cannot be read');
        }
      }
      await documents.followOthers();
    },
  });
  jobs.define<null>({ name: 'techdocs.prune', cron: '43 3 * * *', run: () => store.prune(Date.now()) });
}
