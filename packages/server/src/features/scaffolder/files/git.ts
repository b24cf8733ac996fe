import { spawn } from 'node:child_process';
import { gitEnvironment, gitSettings } from '../../../core/files/index.ts';
import { scaffolderErrors } from '../errors.ts';

/** What git needs besides where it writes: nothing of the machine's own settings. */
const writing = [
  ['gc.auto', '0'],
  ['commit.gpgSign', 'false'],
  ['core.autocrlf', 'false'],
  ['init.defaultBranch', 'main'],
  // A remote that has taken the call and says nothing more is given up.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

export type GitCall = {
  directory?: string;
  /** more variables, such as a proxy or an index of its own */
  environment?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** texts that must not be seen in a message */
  hidden?: string[];
};

const readable = (text: string, hidden: string[]) => {
  const lines = text
    .split('\n')
    .filter((line) => /^(fatal|error|remote|warning|ssh):|denied|rejected|not found/i.test(line.trim()));
  const shown = (lines.join('; ') || text).replace(/\/\/[^/@\s]+@/g, '//').slice(0, 500);
  return hidden
    .filter((each) => each !== '')
    .reduce((rest, each) => rest.replaceAll(each, '***'), shown)
    .trim();
};

/**
 * Runs git to its end.
 *
 * @returns what it printed
 * @throws AppError SCAFFOLDER_GIT_FAILED with what git said
 */
export function git(args: string[], options: GitCall = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 120_000);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const child = spawn(
    'git',
    [...gitSettings, ...writing, ...(options.directory ? ['-C', options.directory] : []), ...args],
    {
      env: gitEnvironment({ GIT_CONFIG_GLOBAL: '/dev/null', ...options.environment }),
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output: Buffer[] = [];
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 10_000) said += chunk.toString('utf8');
  });
  const fail = (reason: string) =>
    reject(scaffolderErrors.gitFailed({ verb: args.find((arg) => /^[a-z]/.test(arg)), reason }));
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (options.signal?.aborted) fail('it was cancelled');
    else if (timeout.aborted) fail('no answer within two minutes');
    else fail(error.code === 'ENOENT' ? 'there is no git on this machine' : error.message);
  });
  child.on('close', (code) => {
    if (code === 0) resolve(Buffer.concat(output).toString('utf8'));
    else if (/^(?!remote:).*(no space left on device|disk quota exceeded)/im.test(said))
      reject(scaffolderErrors.diskFull());
    else fail(readable(said, options.hidden ?? []) || `it ended with ${code}`);
  });
  return promise;
}
