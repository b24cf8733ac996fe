/** The policy on the database itself, for the command line: why somebody may, whether tests hold, whether the audit is intact. */
import type { ExplainResponse } from '@callboard/model/http';
import { loadConfig, type LoadOptions } from './core/config/index.ts';
import { openDatabase } from './core/db/index.ts';
import { createEvents } from './core/events/index.ts';
import { createLogger } from './core/log/index.ts';
import {
  configuredPolicy,
  createAudit,
  createPolicyKeeper,
  explain,
  knownPeople,
  readPolicyTests,
  type PolicyTest,
  type Verification,
} from './features/access/index.ts';
import { catalogConfig, openCatalogReading } from './features/catalog/index.ts';
import { configSections } from './main.ts';

export type PolicyDesk = {
  /** @param question.claims - what a provider says of their groups; what it said last when absent */
  explain(question: {
    principal: string;
    permission: string;
    entityRef?: string;
    claims?: string[];
  }): Promise<ExplainResponse>;
  /** Runs a file of policy tests. */
  test(text: string): Promise<{ test: PolicyTest; answer: ExplainResponse; passed: boolean }[]>;
  verify(): Promise<Verification>;
  close(): Promise<void>;
};

/** Opens the database that the configuration names: the data folder, while no portal runs on it, or PostgreSQL at any time. */
export async function openPolicyDesk(
  options: Omit<LoadOptions<typeof configSections>, 'sections'>,
): Promise<PolicyDesk> {
  const loaded = loadConfig({ ...options, sections: configSections });
  const config = loaded.values;
  const log = await createLogger({ level: 'silent', format: 'json' });
  const policy = createPolicyKeeper(configuredPolicy(config.access, { ...config.access, placeOf: loaded.placeOf }));
  const { url } = config.database;
  const db = await openDatabase(url ? { url, log } : { directory: config.data.directory, log });
  try {
    await policy.prepare(db, log);
    const audit = createAudit();
    await audit.prepare(db, log);
    const catalog = await openCatalogReading(
      { db, events: createEvents({ db, log }) },
      catalogConfig(config.catalog, config.integrations),
    );
    const { known } = knownPeople(db);
    const ask: PolicyDesk['explain'] = (question) => explain(policy.current().policy, { ...catalog, known }, question);
    return {
      explain: ask,
      async test(text) {
        const results = [];
        for (const test of readPolicyTests(text)) {
          const { entity: entityRef, ...question } = test;
          const answer = await ask({ ...question, ...(entityRef !== undefined && { entityRef }) });
          results.push({ test, answer, passed: answer.result === test.expect });
        }
        return results;
      },
      verify: () => audit.store().verify(),
      async close() {
        policy.stop();
        await db.close();
      },
    };
  } catch (error) {
    policy.stop();
    await db.close();
    throw error;
  }
}
