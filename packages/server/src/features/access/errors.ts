import { defineErrors } from '../../core/errors/index.ts';

/** Errors of who may reach the portal. */
export const accessErrors = defineErrors('ACCESS', {
  openNetwork: {
    name: 'NotAllowedError',
    message: 'The portal would listen on {host}, where others can reach it, and nothing says who may use it',
    fix: 'Put `access: { signIn: { local: true } }` into callboard.yaml so that people sign in (the start then prints a link for the first administrator); or `access: { open: true }` to let everyone in who reaches it; or listen on 127.0.0.1.',
  },
  signInRequired: {
    name: 'AuthenticationError',
    message: 'You are not signed in',
    fix: 'Sign in at {signIn}; programs send a token of their own as `Authorization: Bearer …`.',
  },
  tokenInvalid: {
    name: 'AuthenticationError',
    message: 'The token is not valid: {reason}',
    fix: 'Make a new token in Settings → Access, or take the Authorization header away to go on with your session.',
  },
  tokenMissing: {
    name: 'AuthenticationError',
    message: 'There is no token that says whom this is about',
    fix: 'Send a token of a person as `Authorization: Bearer …`: POST /api/access/identity-token gives one.',
  },
  tokenOfProgram: {
    name: 'InputError',
    message: 'The token is of a program, not of a person',
    fix: 'Send a token of a person: POST /api/access/identity-token gives one.',
  },
  signInFailed: {
    name: 'AuthenticationError',
    message: 'Name or password is wrong',
    fix: 'Try again. Whoever runs the portal can give you a link for a new password: callboard user reset <name>.',
  },
  signInLocked: {
    name: 'TooManyRequestsError',
    message: 'There were too many attempts to sign in',
    fix: 'Wait {seconds} seconds. An administrator can lift the lock: Admin → Users, or callboard user reset <name>.',
  },
  busy: {
    name: 'ServiceUnavailableError',
    message: 'Too many people sign in at this moment',
    fix: 'Try again in a few seconds.',
  },
  methodNotFound: {
    name: 'NotFoundError',
    message: "There is no way to sign in that is called '{method}'",
    fix: 'GET /api/access/sign-in lists the ways that there are.',
  },
  providerFailed: {
    name: 'ServiceUnavailableError',
    message: '{title} did not sign you in',
    fix: 'Try again. If it stays, whoever runs the portal finds the reason in its log.',
  },
  flowInvalid: {
    name: 'AuthenticationError',
    message: 'This sign-in was not begun in this browser, or took too long',
    fix: 'Begin again at /sign-in.',
  },
  unknownUser: {
    name: 'NotAllowedError',
    message: 'There is no user entity in the catalog for {who}',
    fix: 'Ask for one; or let people in without one by access.signIn.unknownUsers: allow.',
  },
  userDisabled: {
    name: 'NotAllowedError',
    message: 'This account is switched off',
    fix: 'Ask an administrator to switch it on again.',
  },
  weakPassword: {
    name: 'InputError',
    message: 'The password is too easy to guess',
    fix: 'Take at least {least} characters that are not your name; a few words in a row are good.',
  },
  linkInvalid: {
    name: 'AuthenticationError',
    message: 'This link does not work: it was used, replaced by a later one, or is too old',
    fix: 'Ask for a new one; for the first administrator start the portal again.',
  },
  userExists: {
    name: 'ConflictError',
    message: 'There is a user {ref} already',
    fix: 'Take another name.',
  },
  userNotFound: {
    name: 'NotFoundError',
    message: 'There is no user {ref}',
    fix: 'Look at the list of users; names are written as in their entity refs.',
  },
  lastAdministrator: {
    name: 'ConflictError',
    message: '{ref} is the only administrator',
    fix: 'Make somebody else administrator first, who can sign in: with a password that is chosen, or as they have before.',
  },
  nobodyLeft: {
    name: 'ConflictError',
    message: 'After this change nobody who can sign in could change the policy',
    fix: 'Give somebody a role with access.policy.manage first, or make a user administrator; what stands in the configuration cannot be lost.',
  },
  changedMeanwhile: {
    name: 'ConflictError',
    message: 'Users, roles or bindings were changed at the same moment',
    fix: 'Look at them again, and repeat what is still wanted.',
  },
  sessionNotFound: {
    name: 'NotFoundError',
    message: 'There is no such session',
    fix: 'It may have ended; look at the list again.',
  },
  tokenNotFound: {
    name: 'NotFoundError',
    message: 'There is no such token',
    fix: 'It may have been revoked; look at the list again.',
  },
  grantTooMuch: {
    name: 'NotAllowedError',
    message: 'You cannot give {grant} to a token: you do not have it yourself, or no such permission exists',
    fix: 'Give less. Permissions are listed in the API reference.',
  },
  lifetimeTooLong: {
    name: 'InputError',
    message: 'A token of a person lives at most {days} days',
    fix: 'Take fewer days, or change access.tokenLifetime.',
  },
  notForTokens: {
    name: 'NotAllowedError',
    message: 'This can be done in a session only, not with a token',
    fix: 'Sign in with a browser.',
  },
  crossSite: {
    name: 'NotAllowedError',
    message: 'A change with a session cookie must say where it comes from',
    fix: 'Browsers do so by themselves. Programs use a token, or send the header X-Requested-With.',
  },
  baseUrlMissing: {
    name: 'InputError',
    message: 'access.signIn.providers need app.baseUrl: people are sent back to it',
    fix: 'Set app.baseUrl to the address at which people reach the portal, such as https://portal.example.com.',
  },
  pluginMissing: {
    name: 'InputError',
    message: "access.signIn.providers names the plugin '{plugin}', which has no part for sign-in here",
    fix: 'Plugins with such a part: {known}.',
  },
  keysUnavailable: {
    name: 'ServiceUnavailableError',
    message: 'The keys of the issuer of this token cannot be had from {host}',
    fix: 'Try again; if it stays, tell whoever runs the portal to look at access.externalAccess.',
  },
});
