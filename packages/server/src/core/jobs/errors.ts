import { defineErrors } from '../errors/index.ts';

/** What can go wrong with jobs. */
export const errors = defineErrors('JOBS', {
  notFound: {
    name: 'NotFoundError',
    message: "There is no job '{name}' with the key '{key}'",
    fix: 'Look at the list of jobs for its name and key; a finished job is removed from it after some days',
  },
  definedTwice: {
    name: 'InternalError',
    message: "The job '{name}' is defined twice",
    fix: 'Give one of the two another name. This is a fault in Callboard or in a plugin: please report it',
  },
  scheduleInvalid: {
    name: 'InputError',
    message: "The schedule of the job '{name}' cannot be read: {reason}",
    fix: 'Write a cron pattern with five fields, such as 0 3 * * * for every night at three, or a number of milliseconds above zero',
  },
  timedOut: {
    name: 'ServiceUnavailableError',
    message: 'The job took longer than its limit of {seconds} s and was told to end',
    fix: 'Nothing to do if the next run succeeds. Else give it less to do, or a longer limit',
  },
  leaseLost: {
    name: 'ServiceUnavailableError',
    message: 'The lease of the job was lost: another replica may have taken over',
    fix: 'Nothing to do if it happens once. If often, look at the connection to the database',
  },
  holderGone: {
    name: 'ServiceUnavailableError',
    message: 'The process that ran the job ended in the middle of it',
    fix: 'Nothing to do: it is tried again. If it happens again, look in the log for why the process ends',
  },
  stopping: {
    name: 'ServiceUnavailableError',
    message: 'The portal is stopping',
    fix: 'The job is run again after the next start',
  },
});
