/** What an operator looks at: jobs, events, outbound hosts, configuration and health, read from the rooms of core. */
import type { LoadedConfig } from '../../core/config/index.ts';
import type { AdminCore } from './context.ts';
import { adminRoutes } from './routes.ts';

/**
 * Registers the routes under `/api/admin`.
 *
 * @param options.config - as loaded; secrets are masked by `explain`
 * @param options.version - of the portal
 */
export function createAdmin(core: AdminCore, options: { config: LoadedConfig; version: string }): void {
  core.http.register(adminRoutes({ ...core, ...options, startedAt: Date.now() }));
}
