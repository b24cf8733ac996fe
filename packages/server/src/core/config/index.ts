export { childEnvironment } from './child-environment.ts';
export { configurationKeys, configurationSchema } from './published.ts';
export { duration, durationOrOff, durationToMilliseconds, schedule } from './duration.ts';
export { ConfigError, formatFault, formatOrigin } from './errors.ts';
export { loadConfig } from './load.ts';
export type { LoadedConfig, LoadOptions } from './load.ts';
export type { Config } from './sections.ts';
export type { ConfigEntry, ConfigFault, ConfigFlags, ConfigOrigin, ConfigSection, UnusedKey } from './types.ts';
