import { defineErrors } from '../../core/errors/index.ts';

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
});
