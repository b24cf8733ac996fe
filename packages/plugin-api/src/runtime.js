/**
 * What runs beside a plugin, in the portal's process or in one of the plugin's own. Plain JavaScript that imports nothing: a process
 * that translated TypeScript would be twice as large.
 */

/** Marks a plugin; see `index.ts`. */
export const definePlugin = (plugin) => plugin;

const roles = [
  'views',
  'routes',
  'sources',
  'actions',
  'checks',
  'codeHosts',
  'signIn',
  'searchSources',
  'notifiers',
  'connections',
  'tasks',
  'columns',
  'deployments',
];
/** So many values of a stream may be on their way before somebody has taken them. */
const ahead = 32;

/** What a plugin's error says to others: its own words, one line, never a stack. */
const said = (error) => {
  const text = String(error?.message ?? error).split('\n')[0];
  return { message: text.slice(0, 1000), code: typeof error?.code === 'string' ? error.code.slice(0, 80) : undefined };
};

/** The functions of a plugin by the name they are called by: `views/runs`, `codeHosts/main/readFile`. */
function handlersOf(given) {
  if (typeof given !== 'object' || given === null) throw new Error('setup(host) returned no handlers');
  const handlers = new Map();
  for (const [role, entries] of Object.entries(given)) {
    if (!roles.includes(role)) throw new Error(`setup(host) returned '${role}', which is none of ${roles.join(', ')}`);
    for (const [id, handler] of Object.entries(entries ?? {})) {
      if (typeof handler === 'function') handlers.set(`${role}/${id}`, handler);
      else
        for (const [method, inner] of Object.entries(handler ?? {}))
          if (typeof inner === 'function') handlers.set(`${role}/${id}/${method}`, inner);
    }
  }
  return handlers;
}

const base64 = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Counts what is on its way; `pass` waits while that is too much. */
function gate() {
  let sent = 0;
  let taken = 0;
  let wake;
  return {
    async pass(signal) {
      sent += 1;
      while (sent - taken > ahead && !signal.aborted) await new Promise((resolve) => (wake = resolve));
    },
    took() {
      taken += 1;
      wake?.();
    },
  };
}

/** What is sent for a request: bytes as base64. */
const requestOf = (url, { signal: _signal, body, ...rest }) => ({
  ...rest,
  ...(body instanceof Uint8Array ? { bytes: base64(body) } : body === undefined ? {} : { body: String(body) }),
  url: String(url),
});

/** The files of a run, as questions about the call that they came with. */
const filesOf = (ask, call) =>
  Object.freeze({
    list: () => ask('files.list', { call }),
    read: async (path) => Uint8Array.from(Buffer.from(await ask('files.read', { call, path: String(path) }), 'base64')),
    write: (path, content) =>
      ask('files.write', {
        call,
        path: String(path),
        bytes: typeof content === 'string' ? Buffer.from(content).toString('base64') : base64(content),
      }).then(() => undefined),
    push: (options) => ask('files.push', { ...options, call }),
  });

/** The host as a plugin sees it, made of questions to the portal. */
function makeHost(start, ask, stream, tell) {
  const level = (name) => (message, details) =>
    tell({
      type: 'log',
      level: name,
      text: details === undefined ? String(message) : `${message} ${JSON.stringify(details)}`,
    });
  return Object.freeze({
    plugin: Object.freeze({ id: start.id, version: start.version, contract: start.contract }),
    configuration: start.configuration,
    settings: start.settings ?? {},
    directory: start.directory,
    log: Object.freeze({ info: level('info'), warning: level('warning'), error: level('error') }),
    fetch: async (url, options = {}) => {
      const answer = await ask('fetch', requestOf(url, options), options.signal);
      const bytes = () => Uint8Array.from(Buffer.from(answer.body, 'base64'));
      const text = () => Buffer.from(answer.body, 'base64').toString('utf8');
      return {
        status: answer.status,
        ok: answer.status < 300,
        headers: answer.headers,
        url: answer.url,
        bytes,
        text,
        json: () => JSON.parse(text()),
      };
    },
    stream: (url, options = {}) => stream(requestOf(url, options), options.signal),
    changed: (contribution, details = {}) =>
      ask('changed', { ...details, contribution: String(contribution) }).then(() => undefined),
    announce: (url) => ask('announce', { url: String(url) }).then(() => undefined),
    store: Object.freeze({
      get: (key) => ask('store.get', { key }),
      set: (key, value) => ask('store.set', { key, value }),
      delete: (key) => ask('store.delete', { key }),
      add: (key, value) => ask('store.add', { key, value }),
      list: (prefix = '') => ask('store.list', { prefix }),
      entries: (prefix = '', after = '') => ask('store.entries', { prefix, after }),
    }),
    secrets: Object.freeze({ get: (name) => ask('secrets.get', { name }) }),
    catalog: Object.freeze({
      get: (refs) => ask('catalog.get', { refs }),
      refs: (after, limit) => ask('catalog.refs', { after, limit }),
      deployments: () => ask('catalog.deployments', {}),
    }),
  });
}

/**
 * Runs one plugin over a line of messages.
 *
 * @param send - hands a message to the portal
 * @param load - imports the plugin's module
 * @returns takes a message from the portal
 */
export function createRunner(send, load) {
  const asked = new Map();
  const running = new Map();
  const streams = new Map();
  let handlers;
  let next = 1;

  const ask = (service, input, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = next++;
      const stop = () => {
        asked.delete(id);
        send({ type: 'unask', id });
        reject(signal.reason);
      };
      asked.set(id, {
        resolve: (value) => (signal?.removeEventListener('abort', stop), resolve(value)),
        reject: (error) => (signal?.removeEventListener('abort', stop), reject(error)),
      });
      signal?.addEventListener('abort', stop, { once: true });
      send({ type: 'ask', id, service, input });
    });

  /** Begins an answer that is read while it comes. */
  async function stream(input, signal) {
    const id = next;
    const pieces = [];
    let wake;
    let over;
    streams.set(id, {
      piece: (text) => (pieces.push(text), wake?.()),
      end: (error) => ((over = { error }), streams.delete(id), wake?.()),
    });
    const stop = () => {
      if (over) return;
      send({ type: 'unask', id });
      streams.get(id)?.end(signal?.reason);
    };
    let head;
    try {
      head = await ask('stream', input, signal);
    } catch (error) {
      streams.delete(id);
      throw error;
    }
    signal?.addEventListener('abort', stop, { once: true });
    return {
      ...head,
      ok: head.status < 300,
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            if (pieces.length > 0) {
              send({ type: 'more', id });
              yield pieces.shift();
            } else if (over) {
              if (over.error) throw over.error;
              return;
            } else await new Promise((resolve) => (wake = resolve));
          }
        } finally {
          signal?.removeEventListener('abort', stop);
          stop();
        }
      },
    };
  }

  async function start(message) {
    try {
      const module = await load(message.entry);
      const plugin = module.default;
      if (typeof plugin?.setup !== 'function')
        throw new Error(
          `${message.entryName} exports no plugin: write export default definePlugin({ setup(host) { … } })`,
        );
      handlers = handlersOf(await plugin.setup(makeHost(message, ask, stream, send)));
      send({ type: 'ready', handlers: [...handlers.keys()] });
    } catch (error) {
      send({ type: 'failed', error: said(error) });
    }
  }

  async function call({ id, target, input, context }) {
    const controller = new AbortController();
    const { signal } = controller;
    const passed = gate();
    running.set(id, { controller, took: passed.took });
    try {
      const handler = handlers?.get(target);
      if (!handler) throw new Error(`it has no handler for ${target}`);
      const { files, visible, ...rest } = context;
      const given = await handler(input, {
        ...rest,
        ...(files && { files: filesOf(ask, id) }),
        ...(visible && { visible: (refs) => ask('visible', { call: id, refs: [...refs] }) }),
        signal,
      });
      const value = typeof given?.[Symbol.asyncIterator] === 'function' ? null : given;
      if (given !== value)
        for await (const item of given) {
          if (signal.aborted) break;
          send({ type: 'item', id, value: item });
          await passed.pass(signal);
        }
      if (!controller.signal.aborted) send({ type: 'answer', id, value: value === undefined ? null : value });
    } catch (error) {
      if (!controller.signal.aborted) send({ type: 'answer', id, error: said(error) });
    } finally {
      running.delete(id);
    }
  }

  return (message) => {
    switch (message.type) {
      case 'start':
        return void start(message);
      case 'call':
        return void call(message);
      case 'cancel': {
        const found = running.get(message.id);
        found?.controller.abort(new Error('the call was cancelled'));
        return found?.took();
      }
      case 'stop':
        for (const { controller, took } of running.values()) {
          controller.abort(new Error('the plugin is stopped'));
          took();
        }
        return undefined;
      case 'more':
        return running.get(message.id)?.took();
      case 'piece':
        return streams.get(message.id)?.piece(message.text);
      case 'pieces-end':
        return streams
          .get(message.id)
          ?.end(message.error && Object.assign(new Error(message.error.message), message.error));
      case 'answer': {
        const waiting = asked.get(message.id);
        asked.delete(message.id);
        if (message.error)
          waiting?.reject(Object.assign(new Error(message.error.message), { code: message.error.code }));
        else waiting?.resolve(message.value);
        return undefined;
      }
      case 'ping':
        return send({ type: 'pong', cpu: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000) });
      default:
        return undefined;
    }
  };
}
