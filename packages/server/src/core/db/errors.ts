import { defineErrors } from '../errors/index.ts';

/** What can go wrong with the database, each with the next step. */
export const errors = defineErrors('DATABASE', {
  folderLocked: {
    name: 'ConflictError',
    message: "The data folder '{directory}' is in use by another process{holder}",
    fix: 'Stop that process, or start this one with another folder: --data DIR',
  },
  folderUnusable: {
    name: 'ServiceUnavailableError',
    message: "The data folder '{directory}' cannot be written: {reason}",
    fix: 'Give the user that runs Callboard the right to write there, or choose another folder: --data DIR',
  },
  diskFull: {
    name: 'ServiceUnavailableError',
    message: "The disk that holds '{place}' is full; the change was not stored",
    fix: 'Free some space there. Nothing needs a restart: the next change is stored as soon as there is room',
  },
  fileCorrupted: {
    name: 'InternalError',
    message: "The database file '{file}' is damaged: {reason}",
    fix: 'Stop Callboard, move the file away together with its -wal and -shm files, and restore a backup or start empty',
  },
  schemaNewer: {
    name: 'ConflictError',
    message:
      "The database was written by a newer version: it has the migration '{migration}', which this version does not know",
    fix: 'Start the newer version again, or use another database',
  },
  migrationFailed: {
    name: 'InternalError',
    message: "The migration '{migration}' failed and was undone: {reason}",
    fix: 'The database is as it was before. Start the previous version, and report this message',
  },
  statementTimedOut: {
    name: 'ServiceUnavailableError',
    message: 'A database statement took longer than {seconds} s and was ended',
    fix: 'Ask for less at once (a filter, a smaller page), or try again when the portal is less busy',
  },
  answerTooLarge: {
    name: 'ServiceUnavailableError',
    message: 'A database statement would have answered with more than 256 MiB and was ended',
    fix: 'Ask for less at once: a filter, fewer fields, a smaller page',
  },
  threadStopped: {
    name: 'ServiceUnavailableError',
    message: 'The database thread stopped in the middle of a statement: {reason}',
    fix: 'Try again: a new thread has taken over. If it happens again, look for memory limits of the process',
  },
  connectionFailed: {
    name: 'ServiceUnavailableError',
    message: "No connection to PostgreSQL at {host}:{port}, database '{database}': {reason}",
    fix: 'Check that the server runs and is reachable from here, and that database.url names its host, port, database, user and password',
  },
  urlInvalid: {
    name: 'InputError',
    message: 'The value of database.url is not a PostgreSQL address: {reason}',
    fix: 'Write it as postgres://user:password@host:5432/database, or leave it empty for the embedded database',
  },
  serverTooOld: {
    name: 'ServiceUnavailableError',
    message: 'The PostgreSQL server at {host}:{port} has version {version}; Callboard needs 14 or newer',
    fix: 'Upgrade the server, or use another one in database.url',
  },
  busy: {
    name: 'ServiceUnavailableError',
    message: 'A transaction collided with others {attempts} times and was given up',
    fix: 'Try again; if it happens often, look for long transactions in the database',
  },
  commitUnknown: {
    name: 'ServiceUnavailableError',
    message: 'The connection to the database broke while a change was being stored; it may or may not be there',
    fix: 'Read the value again before repeating the change',
  },
  transactionNested: {
    name: 'InternalError',
    message: 'A transaction was started inside another one, which would wait for itself',
    fix: 'Pass the transaction on as an argument instead. This is a fault in Callboard: please report it',
  },
  transactionUnknown: {
    name: 'InternalError',
    message: '{operation} was called outside of a transaction of this database',
    fix: 'Call it with the transaction that db.transaction gave. This is a fault in Callboard: please report it',
  },
  leaseLost: {
    name: 'ServiceUnavailableError',
    message: "The lease '{name}' was lost: another replica may have taken over",
    fix: 'Nothing to do if it happens once. If often, look at the connection to the database',
  },
  closed: {
    name: 'ServiceUnavailableError',
    message: 'The database is closed',
    fix: 'The portal is stopping: try again after it has started',
  },
});
