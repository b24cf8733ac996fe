/** The words of plugins: manifest, contributions, view models, version ranges. */
export * from './views.ts';
export { answerSchemas } from './answers.ts';
export * from './contributions.ts';
export * from './manifest.ts';
export { conditionHolds } from './condition.ts';
export { compareVersions, satisfiesRange } from './ranges.ts';
export { reachOf } from './reach.ts';
