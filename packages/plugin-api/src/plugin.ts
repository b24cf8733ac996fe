import type { Host } from './host.ts';
import type { Handlers } from './roles.ts';

/** The server part of a plugin: the default export of its server entry. */
export type Plugin = {
  /** Runs once per start of the plugin, at the first call. Time limit 10 s. Returns a handler for each contribution that has data. */
  setup(host: Host): Handlers | Promise<Handlers>;
};
