import { relative, sep } from 'node:path';
import { styleText } from 'node:util';

/** Where a command runs: its streams, environment and working directory. */
export type Terminal = {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
  directory: string;
};

/** What a command reports back besides its output. */
export type Outcome = { exitCode: number };

/** A mistake in how a command was called; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** Colours only for a person: `styleText` looks at the stream, NO_COLOR and FORCE_COLOR. */
export function paint(stream: NodeJS.WriteStream, style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream });
}

/** `1 error`, `2 errors`, `12,000 entities`. */
export function count(number: number, one: string, many = `${one}s`): string {
  // By hand, because loading the rules of a language takes longer than many a command.
  return `${String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')} ${number === 1 ? one : many}`;
}

/** A path as a person in the working directory writes it. */
export function shownPath(path: string, directory: string): string {
  const shown = relative(directory, path);
  if (shown === '') return '.';
  return shown === '..' || shown.startsWith(`..${sep}`) ? path : shown;
}

type Explained = { message: string; fix?: string; code?: string };

/** Prints what went wrong and the next step, and returns the exit code. */
export function reportError(error: unknown, terminal: Terminal): number {
  const { stderr, env } = terminal;
  const { message, fix, code } = (error ?? {}) as Explained;
  const label = paint(stderr, ['bold', 'red'], 'error:');
  if (typeof fix === 'string' && typeof message === 'string') {
    const known = typeof code === 'string' ? paint(stderr, 'dim', `  code: ${code}`) : '';
    stderr.write(`${label} ${message}\n  fix: ${fix}\n${known ? `${known}\n` : ''}`);
    return error instanceof UsageError ? 2 : 1;
  }
  stderr.write(`${label} ${message || String(error)}\n`);
  if (env.CALLBOARD_LOG_LEVEL === 'debug' || env.CALLBOARD_LOG_LEVEL === 'trace') {
    stderr.write(`${(error as Error).stack ?? ''}\n`);
  } else {
    stderr.write('  fix: this is a fault in Callboard. CALLBOARD_LOG_LEVEL=debug shows where; please report it.\n');
  }
  return 1;
}
