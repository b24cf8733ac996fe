import { AppError } from '../errors/index.ts';
import type { Connection, Listener, Message } from './connection.ts';
import { pluginErrors } from './errors.ts';

/** Does for a plugin what it asks the portal for; throws an AppError for what it may not have. */
export type Services = (service: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

export type InstanceOptions = {
  plugin: string;
  version: string;
  contract: string;
  entryName: string;
  configuration: unknown;
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

const defaults = { startMs: 10_000, heartbeatMs: 5_000, heartMs: 2_000, asksAtOnce: 64 };

export type CallOptions = {
  input: unknown;
  context?: Record<string, unknown>;
  timeoutMs: number;
  signal?: AbortSignal;
};

/** One running plugin: calls by number, questions of the plugin, and a heart that beats. */
export type Instance = {
  call(target: string, options: CallOptions): Promise<unknown>;
  stop(reason: string): void;
  readonly running: number;
  cpuMs(): number | undefined;
  memory(): Promise<number | undefined>;
};

type Waiting = { target: string; resolve(value: unknown): void; reject(error: Error): void };

/** Starts a plugin over a connection and waits until it is ready. */
export async function startInstance(
  connect: (listener: Listener) => Connection,
  options: InstanceOptions,
): Promise<Instance> {
  const { plugin, version } = options;
  const timing = { ...defaults, ...options.timing };
  const waiting = new Map<number, Waiting>();
  const asked = new Map<number, AbortController>();
  let nextCall = 1;
  let over: string | undefined;
  let asksToEnd = false;
  let cpu: number | undefined;
  let heart: NodeJS.Timeout | undefined;
  const { promise: ready, resolve: becomeReady, reject: fail } = Promise.withResolvers<void>();

  async function answerAsk(message: Message): Promise<void> {
    const id = Number(message['id']);
    const controller = new AbortController();
    if (asked.size >= timing.asksAtOnce) {
      connection.send({ type: 'answer', id, error: { message: 'too many questions to the portal at once' } });
      return;
    }
    asked.set(id, controller);
    try {
      const value = await options.services(String(message['service']), message['input'], controller.signal);
      connection.send({ type: 'answer', id, value: value ?? null });
    } catch (error) {
      const known = error instanceof AppError;
      const text = known ? `${error.message}. ${error.fix}` : 'the portal could not do that';
      if (!known) options.log('error', `A question of the plugin failed: ${(error as Error).message}`);
      connection.send({ type: 'answer', id, error: { message: text, code: known ? error.code : undefined } });
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
    else if (message.type === 'unask') asked.get(Number(message['id']))?.abort(new Error('no longer asked'));
    else if (message.type === 'pong') {
      clearTimeout(heart);
      heart = undefined;
      cpu = Number(message['cpu']) || 0;
    } else if (message.type === 'log') {
      const level = message['level'] === 'error' || message['level'] === 'warning' ? message['level'] : 'info';
      options.log(level, String(message['text']).slice(0, 2000));
    } else if (message.type === 'answer') {
      const call = waiting.get(Number(message['id']));
      waiting.delete(Number(message['id']));
      const error = message['error'] as { message?: string } | undefined;
      if (error)
        call?.reject(
          pluginErrors.failed({ plugin, version, target: call.target, reason: String(error.message).slice(0, 1000) }),
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
      for (const controller of asked.values()) controller.abort(new Error(reason));
      options.ended(reason, !asksToEnd);
    },
  });

  /** Asks for a sign of life; a plugin that gives none is ended. */
  function check(): void {
    if (heart || over !== undefined) return;
    heart = setTimeout(
      () => connection.end('it no longer answers: an endless loop, or too much work at once'),
      timing.heartMs,
    );
    heart.unref();
    connection.send({ type: 'ping' });
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
    directory: options.directory,
  });
  try {
    await ready;
  } catch (error) {
    if (over === undefined) connection.end((error as Error).message);
    throw pluginErrors.start({ plugin, version, reason: (error as Error).message });
  } finally {
    clearTimeout(slow);
  }

  return {
    call(target, { input, context, timeoutMs, signal }) {
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
        const timer = setTimeout(() => {
          give(pluginErrors.timeout({ plugin, version, target, milliseconds: timeoutMs }));
          check();
        }, timeoutMs);
        waiting.set(id, {
          target,
          resolve: (value) => (settle(), resolve(value)),
          reject: (error) => (settle(), reject(error)),
        });
        if (signal?.aborted) return abort();
        signal?.addEventListener('abort', abort, { once: true });
        connection.send({ type: 'call', id, target, input: input ?? null, context: context ?? {} });
      });
    },
    stop(reason) {
      asksToEnd = true;
      connection.end(reason);
    },
    get running() {
      return waiting.size;
    },
    cpuMs: () => cpu,
    memory: () => connection.memory(),
  };
}
