/** What `callboard doctor` asks of the server: each question leaves everything as it was. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config, ConfigOrigin } from './core/config/index.ts';
import { type DatabaseProbe, probeDatabase as probe } from './core/db/probe.ts';
import { createHttp, startListening, stopListening } from './core/http/index.ts';
import { createLogger } from './core/log/index.ts';
import { configuredPolicy, createAccess, type PolicyConfig, signInConfig } from './features/access/index.ts';
import { type CheckOptions, describeDocuments } from './features/catalog/index.ts';

export type { DatabaseProbe } from './core/db/probe.ts';

const silence = () => createLogger({ level: 'silent', format: 'json' });

/**
 * Listens for a moment where the portal would.
 *
 * @throws AppError that says why it cannot: port taken, not permitted, unknown host
 */
export async function probePort(address: { host: string; port: number }): Promise<void> {
  const http = await createHttp({ config: { server: address }, log: await silence(), version: '' });
  await startListening(http, address);
  await stopListening(http);
}

/**
 * Whether features accept a configuration whose keys are all right one by one.
 *
 * @param placeOf - where a key stands, by its way from the root
 * @throws AppError of the feature that would not start with it
 */
export async function assertStartable(
  config: Config & {
    access: Config['access'] & Partial<PolicyConfig> & Parameters<typeof signInConfig>[0];
    catalog?: Pick<CheckOptions, 'kinds' | 'rules'>;
  },
  placeOf: (keys: string[]) => ConfigOrigin,
): Promise<void> {
  configuredPolicy({ defaultRole: 'developer', ...config.access }, { open: config.access.open, placeOf });
  signInConfig(config.access, placeOf);
  createAccess({ host: config.server.host, open: config.access.open, signIn: config.access.signIn !== undefined });
  // Nothing is read: an empty document is enough for the kinds and rules to be looked at.
  const settings = { kinds: config.catalog?.kinds, rules: config.catalog?.rules };
  const location = 'file:/none.yaml';
  await describeDocuments({
    location,
    originLocation: location,
    text: '',
    settings,
    read: async () => new Uint8Array(),
  });
}

/** Connects to the database as the portal would. */
export async function probeDatabase(options: { url?: string; directory: string }): Promise<DatabaseProbe> {
  return probe({ ...options, log: await silence() });
}

/** Whether the web app has been built. */
export function isWebAppBuilt(): boolean {
  return existsSync(fileURLToPath(new URL('../../web/dist/index.html', import.meta.url)));
}
