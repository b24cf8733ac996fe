/**
 * What the portal keeps for each person: stars, what was opened lately, saved views, the layout of the home page. Values are read and written
 * whole; what they mean is the web app's business.
 */
import type { Database } from '../../core/db/index.ts';
import type { HttpServer } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import { registerUserSettings } from './formats/backstage/user-settings.ts';
import { preferencesTables } from './migrations/0001-preferences.ts';
import { registerPreferences } from './routes.ts';
import { createStore } from './store.ts';

export type PreferencesFeature = {
  /** Brings the table up to date; call it before the portal listens. */
  prepare(): Promise<void>;
};

/** Puts the feature together and registers its routes. */
export function createPreferences(
  core: { db: Database; http: HttpServer },
  features: { access: Pick<Access, 'principalOf'> },
): PreferencesFeature {
  const tools = { store: createStore(core.db), access: features.access };
  core.http.register(async (http) => {
    registerPreferences(http as unknown as HttpServer, tools);
    registerUserSettings(http as unknown as HttpServer, tools);
  });
  return { prepare: async () => void (await core.db.migrate([preferencesTables])) };
}
