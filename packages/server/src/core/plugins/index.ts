/**
 * The host of plugins: reads their packages, runs each behind one line of messages (first-party ones here, all others in a process of
 * their own), gives them what they were granted, and keeps what they do from harming anyone. It knows no table and no address.
 */
export { assertAnswer } from './answers.ts';
export { startChild, startHere } from './connection.ts';
export { askDeclared } from './declared.ts';
export { pluginErrors } from './errors.ts';
export { allOf, narrow, newAsks } from './grants.ts';
export { type CallFiles, startInstance, type Services } from './instance.ts';
export { createJq, type Jq } from './jq.ts';
export { compatibilityFaults, manifestFaults, manifestOf, schemaFaults, targetsOf } from './manifest.ts';
export { readPackage, type PluginPackage } from './package.ts';
export { createPackageFinder } from './registry.ts';
export { createServices, mayCall, storeLimits, type PluginStore } from './services.ts';
export { createSupervisor, type Supervisor, type SupervisorTiming } from './supervisor.ts';
