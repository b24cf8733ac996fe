import { defineErrors } from '../../../core/errors/index.ts';

/** Errors of the audit. */
export const auditErrors = defineErrors('ACCESS_AUDIT', {
  timesSwapped: {
    name: 'InputError',
    message: 'from is not before to',
    fix: 'Give from an earlier time than to, such as 2026-01-31T00:00:00Z.',
  },
});
