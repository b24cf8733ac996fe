import { defineErrors } from '../../core/errors/index.ts';

/** Errors of searching and of the search index. */
export const searchErrors = defineErrors('SEARCH', {
  typeUnknown: {
    name: 'InputError',
    message: "There are no documents of type '{type}'; the types are {types}",
    fix: 'Use one of the types that are named, or leave the parameter out to search everything.',
  },
  cursorInvalid: {
    name: 'InputError',
    message: "'{cursor}' is not a cursor of this search",
    fix: 'Use nextPageCursor or previousPageCursor of an earlier answer unchanged, or leave the parameter out for the first page.',
  },
  analysisFailed: {
    name: 'ServiceUnavailableError',
    message: 'Text could not be taken apart for the search index ({what}): {reason}',
    fix: 'What belongs to it is found by its other fields. Make the text smaller or simpler if it matters.',
  },
  extensionMissing: {
    name: 'ServiceUnavailableError',
    message: 'PostgreSQL could not load the extension pg_trgm, which search needs: {reason}',
    fix: 'Run `create extension pg_trgm` in the database as its owner or as a superuser, then start the portal again.',
  },
});
