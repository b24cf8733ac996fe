/**
 * What runs beside a plugin, in the portal's process or in one of the plugin's own. Plain JavaScript that imports nothing: a process
 * that translated TypeScript would be twice as large.
 */

/** Marks a plugin; see `index.ts`. */
export const definePlugin = (plugin) => plugin;

const roles = ['views', 'routes', 'sources', 'actions', 'checks', 'codeHosts', 'signIn', 'searchSources', 'notifiers'];

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

/** The host as a plugin sees it, made of questions to the portal. */
function makeHost(start, ask, tell) {
  const level = (name) => (message, details) =>
    tell({
      type: 'log',
      level: name,
      text: details === undefined ? String(message) : `${message} ${JSON.stringify(details)}`,
    });
  return Object.freeze({
    plugin: Object.freeze({ id: start.id, version: start.version, contract: start.contract }),
    configuration: start.configuration,
    directory: start.directory,
    log: Object.freeze({ info: level('info'), warning: level('warning'), error: level('error') }),
    fetch: async (url, options = {}) => {
      const { signal, body, ...rest } = options;
      const sent =
        body instanceof Uint8Array ? { bytes: base64(body) } : body === undefined ? {} : { body: String(body) };
      const answer = await ask('fetch', { ...rest, ...sent, url: String(url) }, signal);
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
    changed: (contribution) => ask('changed', { contribution: String(contribution) }).then(() => undefined),
    announce: (url) => ask('announce', { url: String(url) }).then(() => undefined),
    store: Object.freeze({
      get: (key) => ask('store.get', { key }),
      set: (key, value) => ask('store.set', { key, value }),
      delete: (key) => ask('store.delete', { key }),
      list: (prefix = '') => ask('store.list', { prefix }),
    }),
    secrets: Object.freeze({ get: (name) => ask('secrets.get', { name }) }),
    catalog: Object.freeze({
      get: (refs) => ask('catalog.get', { refs }),
      refs: (after, limit) => ask('catalog.refs', { after, limit }),
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

  async function start(message) {
    try {
      const module = await load(message.entry);
      const plugin = module.default;
      if (typeof plugin?.setup !== 'function')
        throw new Error(
          `${message.entryName} exports no plugin: write export default definePlugin({ setup(host) { … } })`,
        );
      handlers = handlersOf(await plugin.setup(makeHost(message, ask, send)));
      send({ type: 'ready', handlers: [...handlers.keys()] });
    } catch (error) {
      send({ type: 'failed', error: said(error) });
    }
  }

  async function call({ id, target, input, context }) {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = handlers?.get(target);
      if (!handler) throw new Error(`it has no handler for ${target}`);
      const value = await handler(input, { ...context, signal: controller.signal });
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
      case 'cancel':
        return running.get(message.id)?.abort(new Error('the call was cancelled'));
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
