import { defineErrors } from '../errors/index.ts';

/** Errors of reading files, whoever asks for them: descriptors and documents come from the same places. */
export const fileErrors = defineErrors('CATALOG', {
  sourceNotFound: {
    name: 'NotFoundError',
    message: 'Nothing found at {target}',
    fix: 'Check the path and that the portal may read it. What was read before is kept until then.',
  },
  sourceUnreadable: {
    name: 'ServiceUnavailableError',
    message: 'Could not read {target}: {reason}',
    fix: 'The portal tries again by itself and keeps what it read before. {hint}',
  },
  targetOutside: {
    name: 'NotAllowedError',
    message: '{target} is outside {root}, the root of what {from} belongs to',
    fix: 'Add the file as a location of its own under catalog.locations if it is meant to be read.',
  },
  targetTooLarge: {
    name: 'PayloadTooLargeError',
    message: '{target} has {size} bytes; at most {limit} are read',
    fix: 'Make the file smaller, or raise catalog.limits.fileSize.',
  },
  gitMissing: {
    name: 'ServiceUnavailableError',
    message: 'The git command was not found, so {target} cannot be read',
    fix: 'Install git on the machine that runs the portal and start it again.',
  },
  branchNotFound: {
    name: 'NotFoundError',
    message: "{target} has no branch '{branch}'",
    fix: 'Name an existing branch under catalog.locations[].branch, or leave it out for the default branch.',
  },
});
