import { defineErrors } from '../../core/errors/index.ts';

const full = new Set<unknown>(['ENOSPC', 'EDQUOT']);

/** Whether something could not be written for want of room. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && full.has((error as NodeJS.ErrnoException).code);

/** What templates, their actions and their runs are refused for. */
export const scaffolderErrors = defineErrors('SCAFFOLDER', {
  templateInvalid: {
    name: 'InputError',
    message: '{template} is not a template that can run: {fault}',
    fix: 'Correct the template; `callboard template check` names every fault with its line.',
  },
  valuesInvalid: {
    name: 'InputError',
    message: 'The values do not fit the template: {faults}',
    fix: 'Correct the values; the schema of each step of the form says what is expected.',
  },
  actionUnknown: {
    name: 'NotFoundError',
    message: "Template action with ID '{action}' is not registered",
    fix: '{hint}',
  },
  inputInvalid: {
    name: 'InputError',
    message: 'Invalid input passed to action {action}, {faults}',
    fix: 'Correct `input` of the step {step} in the template.',
  },
  eachInvalid: {
    name: 'InputError',
    message: 'The `each` of step {step} is {found}, not a list or an object',
    fix: 'Let `each` be one expression that gives a list or an object, for example ${{ parameters.environments }}.',
  },
  pathOutside: {
    name: 'NotAllowedError',
    message: "The path '{path}' leads out of {place}",
    fix: 'Use a path below it, without `..` that leaves it and without links to other places.',
  },
  pathMissing: {
    name: 'NotFoundError',
    message: "There is no {what} '{path}' in {place}",
    fix: 'Correct the path; looked for: {looked}.',
  },
  pathExists: {
    name: 'ConflictError',
    message: "'{path}' exists already",
    fix: 'Choose another name, or set `overwrite: true`.',
  },
  workspaceFull: {
    name: 'PayloadTooLargeError',
    message: 'The workspace would hold more than {limit}',
    fix: 'Let the template make fewer or smaller files.',
  },
  diskFull: {
    name: 'ServiceUnavailableError',
    message: 'There is no room on the disk of the runs',
    fix: 'Make room in the data folder and retry the run: it goes on with the step that found none. `scaffolder.keepWorkspaces` says how long the files of runs stay.',
  },
  renderFailed: {
    name: 'InputError',
    message: '{file}, line {line}: {reason}',
    fix: '{hint}',
  },
  renderGivenUp: {
    name: 'InputError',
    message: 'Rendering {file} was given up: {reason}',
    fix: 'Make its expressions simpler: no endless loops, no huge texts, no regular expressions with nested repetition.',
  },
  addressRefused: {
    name: 'NotAllowedError',
    message: '{url} may not be read by a template: {reason}',
    fix: 'Use an http or https address of another host, or a path relative to the template.',
  },
  repositoryUnreadable: {
    name: 'ServiceUnavailableError',
    message: '{url} could not be read: {reason}',
    fix: 'Check the address and whether the portal may reach it.',
  },
  gitFailed: {
    name: 'InputError',
    message: 'git {verb} did not succeed: {reason}',
    fix: 'Check the remote, the branch and what the portal may write there.',
  },
  fileTooLargeForPlugin: {
    name: 'PayloadTooLargeError',
    message: "'{path}' has {size} bytes; plugins get files of at most {limit} bytes",
    fix: 'Leave the file to a built-in action, such as publish:git.',
  },
  remoteRefused: {
    name: 'NotAllowedError',
    message: "The remote '{remote}' may not be used: {reason}",
    fix: 'Use a https, ssh or git remote, or a name below the directory of repositories that is configured.',
  },
  remoteDiffers: {
    name: 'ConflictError',
    message: "The repository '{remote}' exists already and holds something else on '{branch}'",
    fix: 'Choose another name, or open a change request with publish:git:change.',
  },
  waitTooLong: {
    name: 'InputError',
    message: 'Waiting duration is longer than the maximum threshold of 10 minutes',
    fix: 'Wait for at most ten minutes.',
  },
  entityMissing: {
    name: 'NotFoundError',
    message: 'Entity {ref} not found',
    fix: 'Correct the reference, or set `optional: true`.',
  },
  actionFailed: {
    name: 'InputError',
    message: 'The action {action} did not succeed: {reason}',
    fix: 'Correct `input` of the step {step}.',
  },
  cancelled: {
    name: 'ConflictError',
    message: 'Step {step} was cancelled',
    fix: 'Start the run again when it is wanted after all.',
  },
  templateMissing: {
    name: 'NotFoundError',
    message: 'There is no template {ref}',
    fix: 'Correct the reference; GET /api/scaffolder/v2/templates lists the templates.',
  },
  runMissing: {
    name: 'NotFoundError',
    message: 'There is no run {run}',
    fix: 'GET /api/scaffolder/v2/tasks lists the runs that you may see.',
  },
  runTakenOver: {
    name: 'ConflictError',
    message: 'The run {run} goes on elsewhere',
    fix: 'Nothing is to be done: another replica has it.',
  },
  runNotEnded: {
    name: 'ConflictError',
    message: 'The run {run} is {status}; only one that failed or was cancelled can be retried',
    fix: 'Wait for its end, or begin a new run with the same values.',
  },
  runNotReversible: {
    name: 'ConflictError',
    message: 'The run {run} cannot be rolled back: {reason}',
    fix: 'Wait for its end; steps whose action has an `undo` can be taken back once.',
  },
  stepTooLong: {
    name: 'InputError',
    message: 'Step {step} took longer than {seconds} s',
    fix: 'Retry the run; `scaffolder.stepTimeout` and `scaffolder.taskTimeout` say how long steps and runs may take.',
  },
  stepInterrupted: {
    name: 'InputError',
    message: 'The portal ended {times} times while step {step} ran',
    fix: 'Look at what the step needs (memory, disk) before you retry the run.',
  },
  workspaceLost: {
    name: 'ServiceUnavailableError',
    message: 'The files of the run {run} are not on this machine',
    fix: 'Begin a new run; replicas go on with each other’s runs while these hold less than {limit}.',
  },
  workspaceGone: {
    name: 'NotFoundError',
    message: 'The files of the run {run} are not kept any more',
    fix: 'Begin a new run with the same values; `scaffolder.keepWorkspaces` says how long files are kept.',
  },
  secretsUnreadable: {
    name: 'InputError',
    message: 'The secrets of the run {run} cannot be read here',
    fix: 'Give all replicas the same `scaffolder.secretsKey`, and retry the run with its secrets.',
  },
  orderInvalid: {
    name: 'InputError',
    message: "'{order}' is not an order of runs",
    fix: 'Use asc or desc, a colon, and one of created_at, status, created_by.',
  },
  autocompleteUnknown: {
    name: 'InputError',
    message: 'Unsupported provider or resource: {provider}/{resource}',
    fix: 'Use git/repositories, git/owners or git/branches; others come with the plugin of a code host.',
  },
  optionsMissing: {
    name: 'NotFoundError',
    message: "The field '{field}' of {template} takes its options from nowhere",
    fix: 'Name a property that has `from` in its `ui:options`.',
  },
  optionsInvalid: {
    name: 'InputError',
    message: "The options of the field '{field}' cannot be had: {reason}",
    fix: '{fix}',
  },
  notMade: {
    name: 'NotFoundError',
    message: 'No run that is kept made {ref}',
    fix: 'Entities that were not made by a template of this portal have no run.',
  },
  uploadInvalid: {
    name: 'InputError',
    message: "The file '{path}' cannot be taken: {reason}",
    fix: 'Send paths below the folder of the template, and contents in base64; 10 MB in all at most.',
  },
  registrationNotAllowed: {
    name: 'NotAllowedError',
    message: '{target} may not be registered: {reason}',
    fix: 'Ask for the permission catalog.location.create, or register what the run has published.',
  },
});
