/** Checks descriptors without a portal: what `callboard check` and the comparison with Backstage use. */
export { checkDescriptors, describeDocuments, type CheckOptions, type CheckResult } from './features/catalog/index.ts';
