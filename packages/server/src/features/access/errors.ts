import { defineErrors } from '../../core/errors/index.ts';

/** Errors of who may reach the portal. */
export const accessErrors = defineErrors('ACCESS', {
  openNetwork: {
    name: 'NotAllowedError',
    message: 'The portal would listen on {host}, where others can reach it, and nothing says who may use it',
    fix: 'Listen on 127.0.0.1 behind a proxy that asks people who they are, or set access.open: true to let everyone in who reaches it.',
  },
});
