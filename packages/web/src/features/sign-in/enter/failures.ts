/** Words for the codes with which the portal sends people back to the sign-in page. Others get a general word: an address must not put words into our mouth. */
const failures: Record<string, { title: string; text: string }> = {
  ACCESS_FLOW_INVALID: {
    title: 'That sign-in cannot be finished',
    text: 'It was begun in another browser, or took too long. Begin again.',
  },
  ACCESS_UNKNOWN_USER: {
    title: 'The catalog does not know you yet',
    text: 'The portal lets in people who have a user entity only. Ask whoever runs it for one.',
  },
  ACCESS_USER_DISABLED: {
    title: 'This account is switched off',
    text: 'Ask an administrator of the portal to switch it on again.',
  },
  ACCESS_PROVIDER_FAILED: {
    title: 'Your identity provider did not sign you in',
    text: 'Try again. If it stays, whoever runs the portal finds the reason in its log.',
  },
  ACCESS_METHOD_NOT_FOUND: { title: 'There is no such way to sign in', text: 'Take one of those below.' },
};

export const failureOf = (code: string | null) =>
  code === null
    ? undefined
    : (failures[code] ?? { title: 'That did not work', text: 'Try again. If it stays, tell whoever runs the portal.' });
