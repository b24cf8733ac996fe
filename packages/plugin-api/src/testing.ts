/**
 * For tests of plugins: runs a plugin in the process of the test, with a portal that is made of plain values. `callboard plugin test` looks at
 * the shapes of answers besides, in the process that a portal would give the plugin.
 */
import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { CallContext } from './roles.ts';
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
  /** what its store has at the start */
  store?: Record<string, JsonValue>;
  /** answers what the plugin fetches, at once or later; everything is refused when absent */
  fetch?: (
    url: string,
    request: { method?: string; headers?: Record<string, string>; body?: string },
  ) => TestAnswer | undefined | Promise<TestAnswer | undefined>;
};
type TestAnswer = { status?: number; headers?: Record<string, string>; body: JsonValue };

/** A plugin that runs in a test. */
export type TestedPlugin = {
  /** Calls a handler by role and id: `call('views/summary', { entity })`. What crosses is copied as JSON, as in a portal. */
  call(target: string, input?: JsonObject, context?: Omit<CallContext, 'signal'>): Promise<any>;
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
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const ready = Promise.withResolvers<string[]>();
  let next = 1;

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
    if (service === 'changed') return void changed.push(input['contribution']);
    if (service === 'secrets.get') {
      const secret = surroundings.secrets?.[input['name']];
      if (secret === undefined) throw refuse(`The secret ${input['name']} is not set`);
      return secret;
    }
    if (service !== 'fetch') return null;
    const found = await surroundings.fetch?.(input['url'], input as { method?: string });
    if (!found) throw refuse(`Nothing answers ${input['url']} in this test`);
    const body = Buffer.from(typeof found.body === 'string' ? found.body : JSON.stringify(found.body)).toString(
      'base64',
    );
    return { status: found.status ?? 200, headers: found.headers ?? {}, url: input['url'], body };
  };

  function hear(message: Message): void {
    const id = Number(message['id']);
    if (message.type === 'ready') ready.resolve(message['handlers'] as string[]);
    else if (message.type === 'failed') ready.reject(new Error((message['error'] as Error).message));
    else if (message.type === 'log') log.push({ level: String(message['level']), text: String(message['text']) });
    else if (message.type === 'ask')
      void answer(String(message['service']), message['input'] as Record<string, any>).then(
        (value) => send({ type: 'answer', id, value: value ?? null }),
        (error: Error & { code?: string }) =>
          send({ type: 'answer', id, error: { message: error.message, code: error.code } }),
      );
    else if (message.type === 'answer') {
      const call = waiting.get(id);
      waiting.delete(id);
      const error = message['error'] as { message: string } | undefined;
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(message['value']);
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
    call: (target, input = {}, context = {}) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        send({ type: 'call', id, target, input, context });
      }),
  };
}
