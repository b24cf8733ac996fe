import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRunner } from '@callboard/plugin-api/runtime';
import { parseJsonBody } from '../http/body.ts';

export type Message = Record<string, unknown> & { type: string };

/** A line to a running plugin, whether it runs here or in a process of its own. */
export type Connection = {
  send(message: Message): void;
  /** Ends it for good, and at once. */
  end(reason: string): void;
  /** Resident bytes; undefined where nobody can say. */
  memory(): Promise<number | undefined>;
  /** The address at which the plugin finds its entry. */
  entry: string;
};

/** What a connection tells: messages, lines that the plugin prints, and that it is over. */
export type Listener = {
  message(message: Message): void;
  printed(level: 'info' | 'error', text: string): void;
  ended(reason: string): void;
};

export type ChildOptions = {
  /** Folder of the plugin's package; the only one it can read */
  folder: string;
  entryFile: string;
  /** A folder it may write */
  files?: string;
  memoryMb: number;
};

/** Bytes of one message from a plugin. What is larger is refused before it is read. */
export const messageLimit = 4 * 1024 * 1024;

const runtimeUrl = import.meta.resolve('@callboard/plugin-api/runtime');
/** What plugins import from `@callboard/plugin-api/…`. */
const kitFolder = fileURLToPath(new URL('kit/', runtimeUrl));
const childFile = fileURLToPath(new URL('./child-process.mjs', import.meta.url));

function frames(listener: { frame(body: Buffer): void; tooLarge(): void }) {
  let chunks: Buffer[] = [];
  let have = 0;
  return (chunk: Buffer) => {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= 4) {
      if (chunks[0]!.length < 4) chunks = [Buffer.concat(chunks)];
      const length = chunks[0]!.readUInt32BE(0);
      if (length > messageLimit) return listener.tooLarge();
      if (have < 4 + length) return;
      const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const rest = all.subarray(4 + length);
      chunks = rest.length > 0 ? [rest] : [];
      have = rest.length;
      listener.frame(all.subarray(4, 4 + length));
    }
  };
}

/** Starts a process for one plugin: no environment, no network, no processes, no other files than its own. */
export function startChild(options: ChildOptions, listener: Listener): Connection {
  const readable = [childFile, fileURLToPath(runtimeUrl), kitFolder, `${options.folder}/`];
  const child = spawn(
    process.execPath,
    [
      '--permission',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      ...(options.files ? [`--allow-fs-read=${options.files}/`, `--allow-fs-write=${options.files}/`] : []),
      '--no-experimental-sqlite',
      '--disallow-code-generation-from-strings',
      '--disable-proto=delete',
      '--no-warnings',
      `--max-old-space-size=${options.memoryMb}`,
      '--max-semi-space-size=1',
      childFile,
      runtimeUrl,
    ],
    { cwd: options.folder, env: {}, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  let reason: string | undefined;
  let isOver = false;
  let lastWords = '';
  let isHeapFull = false;
  const over = (text: string) => {
    if (isOver) return;
    isOver = true;
    listener.ended(reason ?? text);
  };
  const end = (text: string) => {
    reason ??= text;
    child.kill('SIGKILL');
  };
  // The portal's own work goes first.
  child.once('spawn', () => {
    try {
      setPriority(child.pid!, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It ended already, or the system does not let us.
    }
  });
  const line = child.stdio[3] as unknown as NodeJS.ReadWriteStream;
  line.on('error', () => undefined);
  line.on(
    'data',
    frames({
      tooLarge: () => end(`it sent more than ${messageLimit} bytes at once`),
      frame(body) {
        if (isOver || reason !== undefined) return;
        let message: Message;
        try {
          message = parseJsonBody(body) as Message;
          if (typeof message?.type !== 'string') throw new Error('a message without a type');
        } catch (error) {
          end(`it sent what is no message: ${(error as Error).message}`);
          return;
        }
        listener.message(message);
      },
    }),
  );
  for (const [stream, level] of [
    [child.stdout, 'info'],
    [child.stderr, 'error'],
  ] as const)
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (level === 'error') {
        lastWords = `${lastWords}${text}`.slice(-4000);
        // Node prints a long trace after these words.
        isHeapFull ||= /heap out of memory|Allocation failed/.test(`${lastWords}${text}`);
      }
      listener.printed(level, text.slice(0, 2000).trimEnd());
    });
  child.once('error', (error) => over(`its process could not be started: ${error.message}`));
  child.once('close', (code, signal) => {
    over(
      isHeapFull
        ? `it used more than ${options.memoryMb} MiB of memory`
        : `its process ended (${signal ?? `code ${code}`})`,
    );
  });
  child.unref();
  return {
    entry: pathToFileURL(options.entryFile).href,
    send(message) {
      const body = Buffer.from(JSON.stringify(message), 'utf8');
      const head = Buffer.allocUnsafe(4);
      head.writeUInt32BE(body.length);
      if (!isOver) line.write(Buffer.concat([head, body]));
    },
    end,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    },
  };
}

/** Runs a plugin of the portal's own in this process, behind the same line: what crosses is copied. */
export function startHere(
  options: { entryFile: string; load?: (entry: string) => Promise<{ default?: unknown }> },
  listener: Listener,
): Connection {
  let isOver = false;
  const copy = (message: Message) => parseJsonBody(Buffer.from(JSON.stringify(message))) as Message;
  const receive = createRunner(
    (message) => {
      if (isOver) return;
      const copied = copy(message);
      setImmediate(() => listener.message(copied));
    },
    options.load ?? ((entry) => import(entry)),
  );
  return {
    entry: pathToFileURL(options.entryFile).href,
    send: (message) => receive(copy(message)),
    end(reason) {
      if (isOver) return;
      isOver = true;
      setImmediate(() => listener.ended(reason));
    },
    memory: async () => undefined,
  };
}
