import type { Api } from '@callboard/plugin-api/web';
import { request, type RequestOptions } from '../api/index.ts';

/** The address of a plugin's own route; nothing outside of the plugin can be named. */
export function addressOfRoute(plugin: string, path: string): string {
  const base = `http://portal/api/plugins/${plugin}/`;
  const address = new URL(path.replace(/^\/+/, ''), base);
  if (!address.href.startsWith(base)) throw new Error(`${path} is no route of the plugin ${plugin}`);
  return address.pathname + address.search;
}

/** Calls of one plugin's own routes. */
export function apiOf(plugin: string): Api {
  const call =
    (method: RequestOptions['method']) =>
    async <Answer>(path: string, body?: unknown): Promise<Answer> =>
      request<Answer>(addressOfRoute(plugin, path), { method, body });
  return { get: call('GET'), post: call('POST'), put: call('PUT'), delete: call('DELETE') };
}
