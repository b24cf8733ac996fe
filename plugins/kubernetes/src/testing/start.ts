import { testPlugin, type TestedPlugin } from '@callboard/plugin-api/testing';
import { expect } from 'vitest';
import { kubernetes } from '../plugin.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { component, deployment, kinds, pod } from './objects.ts';
import { wayOut } from './way-out.ts';

/** Waits of the plugin that suit a test. */
export const pace = {
  timing: { firstMs: 20, longestMs: 100, absentMs: 50, watchSeconds: 290 },
  restMs: 10,
  rememberMs: 20,
};
export const entities = [component('payments'), component('billing'), component('nothing')] as never[];

/** What `stopAll` ends. */
export const open: { api: ApiServer; tested?: TestedPlugin }[] = [];

/** Ends the plugins and API servers of a test. */
export async function stopAll(): Promise<void> {
  for (const { api, tested } of open.splice(0)) {
    tested?.stop();
    await api.stop().catch(() => undefined);
  }
}

/** Repeats a check until it passes; gives its last error after ten seconds. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** The plugin that follows one API server with the workload and the pods of `payments`. */
export async function start(more: { configuration?: object; settings?: object; fill?: (api: ApiServer) => void } = {}) {
  const api = await startApiServer({ token: 'sesame', kinds });
  api.put('apps/v1/deployments', deployment('payments'));
  for (const name of ['payments-5d9c7b-a', 'payments-5d9c7b-b']) api.put('v1/pods', pod('payments', name));
  more.fill?.(api);
  const clusters = [{ name: 'prod', title: 'Production', environment: 'production', url: api.url, token: 'sesame' }];
  const tested = await testPlugin(kubernetes(pace), {
    configuration: (more.configuration ?? { clusters }) as never,
    settings: more.settings as never,
    entities,
    fetch: wayOut.fetch,
    stream: wayOut.stream,
  });
  open.push({ api, tested });
  void tested.call('tasks/watch');
  const view = (id: string, name = 'payments') => tested.call(`views/${id}`, { entity: component(name) as never });
  await eventually(async () => expect(api.watching()).toBeGreaterThanOrEqual(kinds.length));
  return { api, tested, view };
}
