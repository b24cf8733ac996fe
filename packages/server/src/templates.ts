/** Templates without a portal: what `callboard template` and the comparison with real templates use. */
export {
  compareFiles,
  createActions,
  createOffline,
  type DryRun,
  type FileDifference,
  formOf,
  type LoadedTemplate,
  loadTemplates,
  type Offline,
  parseValues,
  writeFiles,
} from './features/scaffolder/index.ts';
