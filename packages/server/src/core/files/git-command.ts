import { spawn } from 'node:child_process';
// Not by the door of the room, which loads everything that reads a configuration.
import { childEnvironment } from '../config/child-environment.ts';
import { fileErrors } from './errors.ts';

/** Settings of every git call: no prompts, no hooks, no helper protocols, whoever owns the folder. */
export const gitSettings = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'safe.directory=*',
  '-c',
  'protocol.ext.allow=never',
  '-c',
  'credential.interactive=false',
];

/** @param network - variables for the way out, such as a proxy */
export const gitEnvironment = (network: Record<string, string>): Record<string, string> =>
  childEnvironment({
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15',
    ...network,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
    GIT_CONFIG_NOSYSTEM: '1',
  });

export type GitOptions = {
  directory?: string;
  environment: Record<string, string>;
  signal: AbortSignal;
  target: string;
  input?: string;
  timeoutMs?: number;
};

/** What git says is shown to people: without the credentials that a remote may carry. */
const reasonOf = (text: string) =>
  text
    .replace(/\/\/[^/@\s]+@/g, '//')
    .split('\n')
    .filter((line) => /^(fatal|error|remote|warning|ssh):|denied|not found|verification failed/i.test(line.trim()))
    .join('; ')
    .slice(0, 500) || text.slice(0, 300);

/**
 * Runs git to its end.
 *
 * @param args - subcommand and arguments; values that may start with a dash come after `--`
 * @returns what it printed, as bytes
 * @throws AppError CATALOG_GIT_MISSING, or CATALOG_SOURCE_UNREADABLE with what git said
 */
export function git(args: string[], options: GitOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 120_000);
  const child = spawn('git', [...gitSettings, ...(options.directory ? ['-C', options.directory] : []), ...args], {
    env: gitEnvironment(options.environment),
    signal: AbortSignal.any([options.signal, timeout]),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  let problem = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    if (problem.length < 10_000) problem += chunk.toString('utf8');
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') reject(fileErrors.gitMissing({ target: options.target }));
    else {
      const reason = timeout.aborted ? 'no answer within two minutes' : error.message;
      reject(
        fileErrors.sourceUnreadable({ target: options.target, reason, hint: 'Check the address and the network.' }),
      );
    }
  });
  child.on('close', (code) => {
    if (code === 0) resolve(Buffer.concat(output));
    else {
      const hint = 'Check the address, and that the account that runs the portal may read the repository.';
      reject(fileErrors.sourceUnreadable({ target: options.target, reason: reasonOf(problem), hint }));
    }
  });
  return promise;
}
