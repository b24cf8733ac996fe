import { AppError } from '../errors/index.ts';
import type { Connection, Listener, Message } from './connection.ts';
import { pluginErrors } from './errors.ts';

/** Does for a plugin what it asks the portal for; throws an AppError for what it may not have. */
export type Services = (service: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

/** What services give for an answer that goes on: what is known at its beginning, and the rest. */
export type StreamAnswer = { head: unknown; pieces: AsyncIterable<string> };

/** The files that come with a call. */
export type CallFiles = {
  list(): Promise<{ path: string; size: number; executable: boolean }[]>;
  read(path: string): Promise<Uint8Array>;
  write?(path: string, content: Uint8Array): Promise<void>;
  push(options: Record<string, unknown>): Promise<{ commit: string; isNew: boolean }>;
};

export type InstanceOptions = {
  plugin: string;
  version: string;
  contract: string;
  entryName: string;
  configuration: unknown;
  /** Parts of the portal's configuration that it may read */
  settings?: unknown;
  directory?: string;
  services: Services;
  /** What the manifest declares: every one needs a handler, and none may be there besides. Prefixes end with a slash. */
  targets: string[];
  /** Beyond this many resident bytes it is ended. */
  memoryBytes: number;
  log(level: 'info' | 'warning' | 'error', text: string): void;
  /** It is over; `crashed` unless it was asked to end. */
  ended(reason: string, crashed: boolean): void;
  timing?: Partial<typeof defaults>;
};

const defaults = { startMs: 10_000, heartbeatMs: 5_000, heartMs: 2_000, asksAtOnce: 64, streamsAtOnce: 128 };

export type CallOptions = {
  input: unknown;
  context?: Record<string, unknown>;
  /** Without one it may take as long as it likes */
  timeoutMs?: number;
  signal?: AbortSignal;
  files?: CallFiles;
  /** Those of the refs whose entities may be seen by whom the call is made for */
  visible?: (refs: string[]) => Promise<string[]>;
  /** It lasts as long as somebody wants it, and takes no place among the calls that are soon done */
  isLong?: boolean;
  /** Takes the values of an answer that comes bit by bit; the next ones wait until it is done */
  onItem?: (value: unknown) => Promise<void>;
};

/** One running plugin: calls by number, questions of the plugin, and a heart that beats. */
export type Instance = {
  call(target: string, options: CallOptions): Promise<unknown>;
  stop(reason: string): void;
  readonly running: number;
  cpuMs(): number | undefined;
  memory(): Promise<number | undefined>;
};

/** Characters of one piece of a stream, and how many pieces may be on their way. */
const pieceLength = 256 * 1024;
const piecesAhead = 32;
const mostRefs = 1000;

type Waiting = { target: string; resolve(value: unknown): void; reject(error: Error): void } & Pick<
  CallOptions,
  'files' | 'visible' | 'onItem'
>;

/** Starts a plugin over a connection and waits until it is ready. */
export async function startInstance(
  connect: (listener: Listener) => Connection,
  options: InstanceOptions,
): Promise<Instance> {
  const { plugin, version } = options;
  const timing = { ...defaults, ...options.timing };
  const waiting = new Map<number, Waiting>();
  const asked = new Map<number, AbortController>();
  const streams = new Map<number, AbortController & { took?: () => void }>();
  let nextCall = 1;
  let over: string | undefined;
  let asksToEnd = false;
  let cpu: number | undefined;
  let heart: NodeJS.Timeout | undefined;
  const { promise: ready, resolve: becomeReady, reject: fail } = Promise.withResolvers<void>();

  /** Sends pieces on as the plugin takes them. */
  async function sendPieces(id: number, pieces: AsyncIterable<string>, controller: AbortController): Promise<void> {
    const taking: AbortController & { took?: () => void } = controller;
    let onTheWay = 0;
    taking.took = () => {
      onTheWay -= 1;
    };
    streams.set(id, taking);
    let error: { message: string; code?: string } | undefined;
    try {
      for await (const text of pieces) {
        for (let at = 0; at < text.length; at += pieceLength) {
          connection.send({ type: 'piece', id, text: text.slice(at, at + pieceLength) });
          onTheWay += 1;
        }
        while (onTheWay > piecesAhead && !controller.signal.aborted)
          await new Promise<void>((resolve) => {
            taking.took = () => {
              onTheWay -= 1;
              resolve();
            };
            controller.signal.addEventListener('abort', () => resolve(), { once: true });
          });
        if (controller.signal.aborted) break;
      }
    } catch (failure) {
      error = said(failure);
    } finally {
      streams.delete(id);
      controller.abort(new Error('the answer is over'));
      if (over === undefined) connection.send({ type: 'pieces-end', id, error });
    }
  }

  /** What a question about the files of a call gives. */
  async function askFiles(service: string, input: Record<string, unknown>): Promise<unknown> {
    const files = waiting.get(Number(input['call']))?.files;
    const refuse = (reason: string) => pluginErrors.input({ plugin, version, what: service, reason });
    if (!files) throw refuse('no files came with this call, or it is over');
    const path = String(input['path']);
    if (service === 'files.list') return files.list();
    if (service === 'files.read') return Buffer.from(await files.read(path)).toString('base64');
    if (service === 'files.push') return files.push(input);
    if (service !== 'files.write' || !files.write)
      throw refuse("it may read the files only: the manifest must say workspace: 'write'");
    return files.write(path, Buffer.from(String(input['bytes']), 'base64'));
  }

  /** What of some entities the person may see for whom a call is made. */
  async function askVisible({ call, refs }: Record<string, unknown>): Promise<string[]> {
    const visible = waiting.get(Number(call))?.visible;
    const refuse = (reason: string) => pluginErrors.input({ plugin, version, what: 'visible', reason });
    if (!visible) throw refuse('nobody asks with this call, or it is over');
    if (!Array.isArray(refs) || refs.length > mostRefs) throw refuse(`a list of at most ${mostRefs} refs is needed`);
    return visible(refs.map((ref) => String(ref).toLowerCase()));
  }

  const said = (error: unknown): { message: string; code?: string } => {
    if (error instanceof AppError) return { message: `${error.message}. ${error.fix}`, code: error.code };
    options.log('error', `A question of the plugin failed: ${(error as Error).message}`);
    return { message: 'the portal could not do that' };
  };

  async function answerAsk(message: Message): Promise<void> {
    const id = Number(message['id']);
    const service = String(message['service']);
    const controller = new AbortController();
    if (asked.size >= timing.asksAtOnce || (service === 'stream' && streams.size >= timing.streamsAtOnce)) {
      connection.send({ type: 'answer', id, error: { message: 'too many questions to the portal at once' } });
      return;
    }
    asked.set(id, controller);
    try {
      const input = (message['input'] ?? {}) as Record<string, unknown>;
      const value = service.startsWith('files.')
        ? await askFiles(service, input)
        : service === 'visible'
          ? await askVisible(input)
          : await options.services(service, message['input'], controller.signal);
      if (service === 'stream') {
        const { head, pieces } = value as StreamAnswer;
        connection.send({ type: 'answer', id, value: head });
        void sendPieces(id, pieces, controller);
      } else connection.send({ type: 'answer', id, value: value ?? null });
    } catch (error) {
      connection.send({ type: 'answer', id, error: said(error) });
    } finally {
      asked.delete(id);
    }
  }

  function begin(handlers: unknown): void {
    const have = Array.isArray(handlers) ? handlers.map(String) : [];
    const missing = options.targets.filter(
      (target) => !have.some((name) => name === target || name.startsWith(`${target}/`)),
    );
    const foreign = have.filter(
      (name) => !options.targets.some((target) => name === target || name.startsWith(`${target}/`)),
    );
    const faults = [
      ...missing.map((name) => `the manifest declares ${name}, and setup(host) returned no handler for it`),
      ...foreign.map((name) => `setup(host) returned a handler for ${name}, which the manifest does not declare`),
    ];
    if (faults.length > 0) fail(new Error(faults.slice(0, 5).join('; ')));
    else becomeReady();
  }

  function hear(message: Message): void {
    if (over !== undefined) return;
    if (message.type === 'ready') begin(message['handlers']);
    else if (message.type === 'failed')
      fail(new Error(String((message['error'] as { message?: string } | undefined)?.message ?? 'unknown')));
    else if (message.type === 'ask') void answerAsk(message);
    else if (message.type === 'unask') {
      const id = Number(message['id']);
      (asked.get(id) ?? streams.get(id))?.abort(new Error('no longer asked'));
    } else if (message.type === 'more') streams.get(Number(message['id']))?.took?.();
    else if (message.type === 'item') {
      const id = Number(message['id']);
      // Who no longer listens lets the rest come to nothing; the call is cancelled then.
      void Promise.resolve(waiting.get(id)?.onItem?.(message['value']))
        .catch(() => undefined)
        .then(() => connection.send({ type: 'more', id }));
    } else if (message.type === 'pong') {
      clearTimeout(heart);
      heart = undefined;
      cpu = Number(message['cpu']) || 0;
    } else if (message.type === 'log') {
      const level = message['level'] === 'error' || message['level'] === 'warning' ? message['level'] : 'info';
      options.log(level, String(message['text']).slice(0, 2000));
    } else if (message.type === 'answer') {
      const call = waiting.get(Number(message['id']));
      waiting.delete(Number(message['id']));
      const error = message['error'] as { message?: string; code?: string } | undefined;
      if (error)
        call?.reject(
          pluginErrors.failed(
            { plugin, version, target: call.target, reason: String(error.message).slice(0, 1000) },
            { details: error.code === undefined ? undefined : { reason: String(error.code) } },
          ),
        );
      else call?.resolve(message['value']);
    }
  }

  const connection = connect({
    message: hear,
    printed: (level, text) => text && options.log(level, text),
    ended(reason) {
      if (over !== undefined) return;
      over = reason;
      clearInterval(beat);
      clearTimeout(heart);
      fail(new Error(reason));
      for (const { target, reject } of waiting.values())
        reject(pluginErrors.crashed({ plugin, version, target, reason }));
      waiting.clear();
      for (const controller of [...asked.values(), ...streams.values()]) controller.abort(new Error(reason));
      options.ended(reason, !asksToEnd);
    },
  });

  let isReady = false;

  /** Asks for a sign of life; a plugin that gives none is ended. One that is starting has the time for its start. */
  function check(): void {
    if (over !== undefined) return;
    if (isReady && !heart) {
      heart = setTimeout(
        () => connection.end('it no longer answers: an endless loop, or too much work at once'),
        timing.heartMs,
      );
      heart.unref();
      connection.send({ type: 'ping' });
    }
    void connection.memory().then((bytes) => {
      if (bytes !== undefined && bytes > options.memoryBytes)
        connection.end(
          `it used ${Math.round(bytes / 1048576)} MiB of memory; ${Math.round(options.memoryBytes / 1048576)} are allowed`,
        );
    });
  }
  const beat = setInterval(check, timing.heartbeatMs);
  beat.unref();

  const slow = setTimeout(() => connection.end(`setup(host) was not done within ${timing.startMs} ms`), timing.startMs);
  connection.send({
    type: 'start',
    id: plugin,
    version,
    contract: options.contract,
    entry: connection.entry,
    entryName: options.entryName,
    configuration: options.configuration,
    settings: options.settings,
    directory: options.directory,
  });
  try {
    await ready;
    isReady = true;
  } catch (error) {
    if (over === undefined) connection.end((error as Error).message);
    throw pluginErrors.start({ plugin, version, reason: (error as Error).message });
  } finally {
    clearTimeout(slow);
  }

  return {
    call(target, { input, context, timeoutMs, signal, files, visible, onItem }) {
      if (over !== undefined) return Promise.reject(pluginErrors.crashed({ plugin, version, target, reason: over }));
      const id = nextCall++;
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          waiting.delete(id);
        };
        const give = (error: Error) => {
          settle();
          connection.send({ type: 'cancel', id });
          reject(error);
        };
        const abort = () => give(signal!.reason as Error);
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                give(pluginErrors.timeout({ plugin, version, target, milliseconds: timeoutMs }));
                check();
              }, timeoutMs);
        waiting.set(id, {
          target,
          files,
          visible,
          onItem,
          resolve: (value) => (settle(), resolve(value)),
          reject: (error) => (settle(), reject(error)),
        });
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        connection.send({
          type: 'call',
          id,
          target,
          input: input ?? null,
          context: { ...context, ...(files && { files: true }), ...(visible && { visible: true }) },
        });
      });
    },
    stop(reason) {
      asksToEnd = true;
      // A plugin in this process has no end of its own: what it does must be called off.
      connection.send({ type: 'stop' });
      connection.end(reason);
    },
    get running() {
      return waiting.size;
    },
    cpuMs: () => cpu,
    memory: () => connection.memory(),
  };
}
