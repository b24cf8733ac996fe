/** Schemas and types of the HTTP contract, shared by server, web app and command line. */
export * from './common.ts';
export * from './entity.ts';
export * from './entities.ts';
export * from './locations.ts';
export * from './sources.ts';
export * from './graph.ts';
export * from './impact.ts';
export * from './organization.ts';
export * from './events.ts';
export * from './access.ts';
export * from './preferences.ts';
export * from './admin.ts';
export * from './apis.ts';
export * from './search.ts';
export * from './techdocs.ts';
