/**
 * For tests of plugins: runs a plugin in the process of the test, with a portal that is made of plain values. `callboard plugin test` looks at
 * the shapes of answers besides, in the process that a portal would give the plugin.
 */
import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { CallContext, WorkspaceFiles } from './roles.ts';
import type { Host } from './host.ts';
import type { Plugin } from './plugin.ts';
import { createRunner } from './runtime.js';
import { contractVersion } from './versions.ts';

/** What the plugin under test has around it. */
export type TestSurroundings = {
  configuration?: JsonObject;
  /** parts of the portal's configuration by name: `integrations.github` */
  settings?: JsonObject;
  /** by name; one that is missing is not set */
  secrets?: Record<string, string>;
  entities?: Entity[];
  /** what other plugins know to run */
  deployments?: Awaited<ReturnType<Host['catalog']['deployments']>>;
  /** what its store has at the start */
  store?: Record<string, JsonValue>;
  /** answers what the plugin fetches, at once or later; everything is refused when absent */
  fetch?: (
    url: string,
    request: { method?: string; headers?: Record<string, string>; body?: string },
  ) => TestAnswer | undefined | Promise<TestAnswer | undefined>;
  /** answers what the plugin reads while it comes; everything is refused when absent. The signal fires when the plugin has enough */
  stream?: (
    url: string,
    request: { method?: string; headers?: Record<string, string>; body?: string },
    signal: AbortSignal,
  ) => Promise<{ status?: number; headers?: Record<string, string>; pieces: AsyncIterable<string> } | undefined>;
  /** the files of the run, for actions with a workspace; what they write is put in here. A call gets them with `{ files: true }` */
  files?: Record<string, string>;
  /** takes what actions push; refused when absent */
  push?: (options: Parameters<WorkspaceFiles['push']>[0]) => Promise<{ commit: string; isNew: boolean }>;
};
type TestAnswer = { status?: number; headers?: Record<string, string>; body: JsonValue };

/** A plugin that runs in a test. */
export type TestedPlugin = {
  /** Calls a handler by role and id: `call('views/summary', { entity })`. What crosses is copied as JSON, as in a portal. A route that streams gives a list of all that it sent. */
  call(
    target: string,
    input?: JsonObject,
    context?: Omit<CallContext, 'signal' | 'files' | 'visible'> & {
      files?: boolean;
      /** refs of the entities that the person may see; a route cannot ask when absent */
      visible?: readonly string[];
    },
  ): Promise<any>;
  /** Ends what runs without an end, as a portal does that stops: tasks and streams. */
  stop(): void;
  /** The handlers that it has, such as `views/summary`. */
  readonly handlers: string[];
  /** What it keeps in its store. */
  readonly store: Map<string, JsonValue>;
  /** What it has logged, and which contributions it said have changed. */
  readonly log: { level: string; text: string }[];
  readonly changed: string[];
};

type Message = Record<string, unknown> & { type: string };
const refuse = (message: string) => Object.assign(new Error(message), { code: 'PLUGINS_INPUT' });
const ref = ({ kind, metadata }: Entity) => `${kind}:${metadata.namespace ?? 'default'}/${metadata.name}`.toLowerCase();

/**
 * Starts a plugin with surroundings.
 *
 * @param plugin - the default export of its server entry
 * @throws Error with the plugin's own words when its `setup` fails
 */
export async function testPlugin(plugin: Plugin, surroundings: TestSurroundings = {}): Promise<TestedPlugin> {
  const store = new Map(Object.entries(surroundings.store ?? {}));
  const log: { level: string; text: string }[] = [];
  const changed: string[] = [];
  const seen = new Map<number, readonly string[]>();
  const waiting = new Map<number, { items: unknown[]; resolve(value: unknown): void; reject(error: Error): void }>();
  const ready = Promise.withResolvers<string[]>();
  let next = 1;

  const filesOf = (service: string, input: Record<string, any>): unknown => {
    const files = surroundings.files ?? {};
    if (service === 'files.list')
      return Object.entries(files).map(([path, text]) => ({
        path,
        size: Buffer.byteLength(text),
        executable: path.endsWith('.sh'),
      }));
    if (service === 'files.write') {
      files[input['path']] = Buffer.from(input['bytes'], 'base64').toString();
      return null;
    }
    if (service === 'files.push' && surroundings.push) return surroundings.push(input as never);
    const text = service === 'files.read' ? files[input['path']] : undefined;
    if (text === undefined) throw refuse(`There is no ${service} of ${String(input['path'])} in this test`);
    return Buffer.from(text).toString('base64');
  };

  const answer = async (service: string, input: Record<string, any>): Promise<unknown> => {
    if (service === 'store.get') return store.get(input['key']) ?? null;
    if (service === 'store.set') return void store.set(input['key'], input['value']);
    if (service === 'store.delete') return void store.delete(input['key']);
    if (service === 'store.add') {
      const isNew = !store.has(input['key']);
      if (isNew) store.set(input['key'], input['value']);
      return isNew;
    }
    if (service === 'store.entries')
      return [...store]
        .filter(([key]) => key.startsWith(input['prefix']) && key > input['after'])
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => ({ key, value }));
    if (service === 'store.list') return [...store.keys()].filter((key) => key.startsWith(input['prefix'])).toSorted();
    if (service === 'catalog.get')
      return (surroundings.entities ?? []).filter((entity) => input['refs'].includes(ref(entity)));
    if (service === 'catalog.refs')
      return (surroundings.entities ?? [])
        .map(ref)
        .toSorted()
        .filter((each) => each > (input['after'] ?? ''));
    if (service === 'visible')
      return input['refs']
        .map((each: string) => each.toLowerCase())
        .filter((each: string) => seen.get(input['call'])?.includes(each));
    if (service === 'catalog.deployments') return surroundings.deployments ?? [];
    if (service === 'changed') return void changed.push(input['contribution']);
    if (service === 'secrets.get') {
      const secret = surroundings.secrets?.[input['name']];
      if (secret === undefined) throw refuse(`The secret ${input['name']} is not set`);
      return secret;
    }
    if (service.startsWith('files.')) return filesOf(service, input);
    if (service !== 'fetch') return null;
    const found = await surroundings.fetch?.(input['url'], input as { method?: string });
    if (!found) throw refuse(`Nothing answers ${input['url']} in this test`);
    const body = Buffer.from(typeof found.body === 'string' ? found.body : JSON.stringify(found.body)).toString(
      'base64',
    );
    return { status: found.status ?? 200, headers: found.headers ?? {}, url: input['url'], body };
  };

  const streams = new Map<number, AbortController>();
  async function serveStream(id: number, input: Record<string, any>): Promise<void> {
    const controller = new AbortController();
    const url = String(input['url']);
    streams.set(id, controller);
    let isBegun = false;
    try {
      const found = await surroundings.stream?.(url, input, controller.signal);
      if (!found) throw refuse(`Nothing answers ${url} in this test`);
      send({ type: 'answer', id, value: { status: found.status ?? 200, headers: found.headers ?? {}, url } });
      isBegun = true;
      for await (const text of found.pieces) send({ type: 'piece', id, text });
      send({ type: 'pieces-end', id });
    } catch (error) {
      const { message, code } = error as Error & { code?: string };
      send({ type: isBegun ? 'pieces-end' : 'answer', id, error: { message, code } });
    } finally {
      streams.delete(id);
    }
  }

  function hear(message: Message): void {
    const id = Number(message['id']);
    if (message.type === 'ready') ready.resolve(message['handlers'] as string[]);
    else if (message.type === 'failed') ready.reject(new Error((message['error'] as Error).message));
    else if (message.type === 'log') log.push({ level: String(message['level']), text: String(message['text']) });
    else if (message.type === 'unask') streams.get(id)?.abort();
    else if (message.type === 'ask' && message['service'] === 'stream')
      void serveStream(id, message['input'] as Record<string, any>);
    else if (message.type === 'ask')
      void answer(String(message['service']), message['input'] as Record<string, any>).then(
        (value) => send({ type: 'answer', id, value: value ?? null }),
        (error: Error & { code?: string }) =>
          send({ type: 'answer', id, error: { message: error.message, code: error.code } }),
      );
    else if (message.type === 'item') {
      waiting.get(id)?.items.push(message['value']);
      send({ type: 'more', id });
    } else if (message.type === 'answer') {
      const call = waiting.get(id);
      waiting.delete(id);
      const error = message['error'] as { message: string } | undefined;
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(call.items.length > 0 ? call.items : message['value']);
    }
  }
  const copy = (message: Message): Message => JSON.parse(JSON.stringify(message));
  const receive = createRunner(
    (message) => hear(copy(message)),
    async () => ({ default: plugin }),
  );
  const send = (message: Message) => receive(copy(message));

  send({
    type: 'start',
    id: 'tested',
    version: '0.0.0',
    contract: contractVersion,
    entry: 'tested',
    entryName: 'the plugin',
    configuration: surroundings.configuration ?? {},
    settings: surroundings.settings ?? {},
  });
  const handlers = await ready.promise;
  return {
    handlers,
    store,
    log,
    changed,
    stop: () => send({ type: 'stop' }),
    call: (target, input = {}, context = {}) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { items: [], resolve, reject });
        const { visible, ...rest } = context;
        if (visible) seen.set(id, visible);
        send({ type: 'call', id, target, input, context: { ...rest, ...(visible && { visible: true }) } });
      }),
  };
}
