import { spawn } from 'node:child_process';
import { gitEnvironment, gitSettings } from './git-command.ts';

/** Reads many blobs through one `git cat-file --batch`, one after the other. */
export type BlobReader = { read(sha: string): Promise<Buffer>; close(): Promise<void> };

type Waiting = { resolve: (blob: Buffer) => void; reject: (error: Error) => void };

/** @param options.directory - the repository; the process ends when `close` is called or `signal` aborts */
export function blobReader(options: {
  directory: string;
  environment: Record<string, string>;
  signal: AbortSignal;
}): BlobReader {
  const child = spawn('git', [...gitSettings, '-C', options.directory, 'cat-file', '--batch'], {
    env: gitEnvironment(options.environment),
    signal: options.signal,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting: Waiting[] = [];
  let pending: Buffer[] = [];
  let bytes = 0;
  let wanted: number | undefined;

  const fail = (error: Error) => {
    for (const entry of waiting.splice(0)) entry.reject(error);
  };
  const ended = Promise.withResolvers<void>();
  child.on('error', fail);
  child.stdin.on('error', fail);
  child.on('close', () => {
    fail(new Error('git cat-file ended'));
    ended.resolve();
  });

  // An answer is "<id> <type> <size>\n<content>\n", or "<id> missing\n".
  const settle = () => {
    for (;;) {
      if (wanted === undefined) {
        const joined = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
        pending = joined.length > 0 ? [joined] : [];
        const end = joined.indexOf(10);
        if (end < 0) return;
        const header = joined.toString('latin1', 0, end).split(' ');
        pending = [joined.subarray(end + 1)];
        bytes -= end + 1;
        if (header[1] !== 'blob') {
          waiting.shift()?.reject(new Error(`no blob ${header[0]}`));
          continue;
        }
        wanted = Number(header[2]);
      }
      if (bytes < wanted + 1) return;
      const joined = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
      waiting.shift()?.resolve(joined.subarray(0, wanted));
      pending = [joined.subarray(wanted + 1)];
      bytes -= wanted + 1;
      wanted = undefined;
    }
  };
  child.stdout.on('data', (chunk: Buffer) => {
    pending.push(chunk);
    bytes += chunk.length;
    settle();
  });

  return {
    read(sha) {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      waiting.push({ resolve, reject });
      child.stdin.write(`${sha}\n`);
      return promise;
    },
    close() {
      child.stdin.end();
      return ended.promise;
    },
  };
}
