import { testPlugin, type TestedPlugin, type TestSurroundings } from '@callboard/plugin-api/testing';
import plugin from '../server.ts';

type Sent = { method?: string; headers?: Record<string, string>; body?: string };
type Answer = Awaited<ReturnType<NonNullable<TestSurroundings['fetch']>>>;
export type Exchange = Sent & { url: string; status: number };

/** Calls what really listens, as a portal does, and writes the calls down. */
export const throughNetwork =
  (calls: Exchange[]) =>
  async (url: string, { method = 'GET', headers = {}, body }: Sent) => {
    const answer = await fetch(url, { method, headers, body });
    calls.push({ url, method, headers, body, status: answer.status });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    };
  };

/** The plugin with a host of code that is a function. */
export const withHost = (
  answer: (url: URL, request: Sent) => Answer,
  configuration: NonNullable<TestSurroundings['configuration']> = {},
  more: TestSurroundings = {},
): Promise<TestedPlugin> =>
  testPlugin(plugin, {
    configuration: { hosts: [{ host: 'github.com', token: 'ghp_test' }], ...configuration },
    fetch: (url, request) => answer(new URL(url), request),
    ...more,
  });
