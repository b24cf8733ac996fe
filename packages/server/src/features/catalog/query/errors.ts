import { defineErrors } from '../../../core/errors/index.ts';

/** What can be wrong with a question to the catalog. */
export const queryErrors = defineErrors('CATALOG', {
  filterInvalid: {
    name: 'InputError',
    message: "Invalid filter, '{statement}' is not a valid statement",
    fix: 'Write conditions as key=value, key= (empty value) or key (exists), separated by commas.',
  },
  predicateInvalid: {
    name: 'InputError',
    message: 'Invalid query at {path}: {reason}',
    fix: 'Use paths with a value, $exists, $in, $hasPrefix or $contains, combined by $all, $any and $not. {hint}',
  },
  predicateTooLarge: {
    name: 'InputError',
    message: 'The query is too large: {reason}',
    fix: 'Ask with fewer conditions, or split the question into several.',
  },
  orderInvalid: {
    name: 'InputError',
    message: "Invalid order '{order}'",
    fix: 'Write {expected}, for example {example}.',
  },
  fieldInvalid: {
    name: 'InputError',
    message: "Invalid field '{field}': {reason}",
    fix: 'Name fields by dot paths such as metadata.name; a field that is an array is returned whole.',
  },
  cursorInvalid: {
    name: 'InputError',
    message: 'Malformed cursor: {reason}',
    fix: 'Pass nextCursor, prevCursor or the Link header of an earlier answer unchanged, or start again without a cursor.',
  },
});
