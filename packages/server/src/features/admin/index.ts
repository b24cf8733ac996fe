/** What an operator looks at: jobs, events, outbound hosts, configuration and health, read from the rooms of core. */
import type { LoadedConfig } from '../../core/config/index.ts';
import type { Database } from '../../core/db/index.ts';
import type { Events } from '../../core/events/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Jobs } from '../../core/jobs/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import { adminRoutes } from './routes.ts';

export type AdminCore = { db: Database; events: Events; jobs: Jobs; outbound: Outbound; http: HttpServer };

/**
 * Registers the routes under `/api/admin`.
 *
 * @param options.config - as loaded; secrets are masked by `explain`
 * @param options.version - of the portal
 */
export function createAdmin(core: AdminCore, options: { config: LoadedConfig; version: string }): void {
  core.http.register(adminRoutes({ ...core, ...options, startedAt: Date.now() }));
}
