import { defineErrors } from '../../core/errors/index.ts';

/** What the store of personal preferences refuses or does not have. */
export const preferencesErrors = defineErrors('PREFERENCES', {
  notSet: {
    name: 'NotFoundError',
    message: "Nothing is stored under '{key}' for {user}",
    fix: 'Store a value with PUT first, or go on with the default.',
  },
  tooLarge: {
    name: 'PayloadTooLargeError',
    message: "The value of '{key}' has {size} bytes; at most {limit} are kept",
    fix: 'Store less under one key.',
  },
  tooMany: {
    name: 'InputError',
    message: '{user} has {limit} settings already, and there is no room for another',
    fix: 'Delete settings that nothing uses any more.',
  },
  settingNotFound: {
    name: 'NotFoundError',
    message: "Unable to find '{key}' in bucket '{bucket}'",
    fix: 'Store a value with PUT first, or go on with the default.',
  },
  starredInvalid: {
    name: 'InputError',
    message: 'The starred entities must be a list of at most {limit} entity refs: {reason}',
    fix: 'Send full refs, such as component:default/payments-api.',
  },
});
