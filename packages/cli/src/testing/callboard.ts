import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/callboard.js', import.meta.url));

export type Result = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** A command that runs. */
export type Running = {
  child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves with everything written so far once it matches; rejects when the command ends before. */
  waitFor(pattern: RegExp): Promise<string>;
  ended: Promise<Result>;
};

/** The environment of a user who has set nothing of ours. */
function cleanEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CALLBOARD_|NODE_ENV$|NODE_OPTIONS$|VITEST|NO_COLOR$|FORCE_COLOR$|TEST_DATABASE_URL$)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Starts the real command as a child process. */
export function startCallboard(args: string[], options: { cwd?: string; env?: Record<string, string> } = {}): Running {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd,
    env: cleanEnvironment(options.env ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  const ended = once(child, 'close').then(([code, signal]): Result => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...output,
  }));
  const waitFor = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const written = () => output.stdout + output.stderr;
      const fail = (reason: string) => reject(new Error(`${reason} before ${pattern}:\n${written()}`));
      const timer = setTimeout(() => fail('30 s passed'), 30_000);
      const look = () => {
        if (!pattern.test(written())) return;
        clearTimeout(timer);
        resolve(written());
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then(({ code }) => fail(`it ended with ${code}`));
      look();
    });
  return { child, waitFor, ended };
}

/** Runs the real command to its end. */
export async function runCallboard(
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Result> {
  return startCallboard(args, options).ended;
}
