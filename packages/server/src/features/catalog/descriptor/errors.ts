import { defineErrors } from '../../../core/errors/index.ts';

/** Errors of showing, checking and saving descriptor files. */
export const descriptorErrors = defineErrors('CATALOG', {
  descriptorUnspecified: {
    name: 'InputError',
    message: 'Which descriptor is meant is not said, or said twice',
    fix: 'Give entityRef or problem, one of the two.',
  },
  descriptorUnknown: {
    name: 'NotFoundError',
    message: 'There is no descriptor file of {what}',
    fix: 'It may have been removed meanwhile, or belong to a source as a whole. Look at its page or at the list of problems again.',
  },
  descriptorHidden: {
    name: 'NotAllowedError',
    message: 'The file also describes entities that you may not see',
    fix: 'Ask whoever runs the portal for the right to read them, or look at the file on its code host.',
  },
  descriptorTooLarge: {
    name: 'PayloadTooLargeError',
    message: '{location} has {size} bytes; at most {limit} are shown and edited in the browser',
    fix: 'Edit the file in its repository, and divide it into several.',
  },
  descriptorNoText: {
    name: 'InputError',
    message: '{location} is no text in UTF-8',
    fix: 'Store the file as UTF-8.',
  },
  descriptorNotWritable: {
    name: 'NotAllowedError',
    message: '{location} cannot be written by the portal: {reason}',
    fix: 'Take the change as a patch and apply it where the file is kept.',
  },
  descriptorChanged: {
    name: 'ConflictError',
    message: '{location} has changed since it was opened',
    fix: 'Compare your text with the file as it is now, and save again.',
  },
  descriptorFaulty: {
    name: 'InputError',
    message: 'The text has {count} that keep entities out of the catalog; the first: {first}',
    fix: 'Correct them, or save with withErrors: what the catalog holds of it then stays as it was.',
  },
});
