/** What the web app decides about plugins itself, without the schemas. */
export { conditionHolds } from './condition.ts';
export { compareVersions, satisfiesRange } from './ranges.ts';
export { reachOf } from './reach.ts';
