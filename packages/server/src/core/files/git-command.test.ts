import { expect, test } from 'vitest';
import { git } from './git-command.ts';

/** What is told of a remote that is reached by this instead of ssh. */
const told = async (ssh: string) => {
  const failure = await git(['ls-remote', '--', 'git@git.example.com:team/service.git'], {
    environment: { GIT_SSH_COMMAND: ssh },
    signal: AbortSignal.timeout(20_000),
    target: 'git@git.example.com:team/service.git',
  }).catch((error: unknown) => error);
  return (failure as Error).message;
};

test.each([
  'ssh: connect to host git.example.com port 22: Connection refused',
  'ssh: Could not resolve hostname git.example.com: Name or service not known',
  'Host key verification failed.',
  'git@git.example.com: Permission denied (publickey).',
])('tells why ssh does not get through: %s', async (reason) => {
  expect(await told(`f() { echo '${reason}' >&2; exit 255; }; f`)).toBe(
    `Could not read git@git.example.com:team/service.git: ${reason}; fatal: Could not read from remote repository.`,
  );
});
