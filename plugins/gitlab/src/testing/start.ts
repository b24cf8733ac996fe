import { expect, onTestFinished } from 'vitest';
import { testPlugin } from '@callboard/plugin-api/testing';
import plugin from '../server.ts';
import { fakeGitlab } from './gitlab.ts';
import type { FakeProject } from './words.ts';

export const base = 'https://gl.example.com';
export const pay: FakeProject = {
  id: 1,
  path: 'acme/shop/pay',
  branch: 'main',
  activeAt: '2026-01-01T10:00:00.000Z',
  topics: ['Service'],
  branches: {
    main: {
      'catalog-info.yaml': 'kind: Component',
      'docs/a b.md': '# A',
      CODEOWNERS: '* @acme/crew ann@example.com\n',
    },
    'feature/one': { 'catalog-info.yaml': 'kind: API', 'docs/new.md': 'new' },
  },
};
export const configuration = {
  hosts: [{ host: 'gl.example.com', token: 'glpat-1' }],
  repositories: [{ group: 'acme' }],
  people: [{ group: 'acme' }],
  portal: 'https://portal.example.com',
  webhookSecret: 'shared',
};

/** The plugin with a GitLab that has the project `pay`, and short ways to call it. */
export async function start(
  options: { configuration?: object; scopes?: string[]; settings?: object; files?: Record<string, string> } = {},
) {
  const gitlab = fakeGitlab({ scopes: options.scopes });
  onTestFinished(() => expect(gitlab.unproven).toEqual([]));
  gitlab.groups.push({ id: 10, name: 'Acme', path: 'acme', full_path: 'acme', web_url: `${base}/groups/acme` });
  gitlab.groups.push({
    id: 11,
    name: 'Shop',
    path: 'shop',
    full_path: 'acme/shop',
    parent_id: 10,
    web_url: `${base}/groups/acme/shop`,
  });
  gitlab.add(structuredClone(pay));
  const pushed: any[] = [];
  const files = options.files ?? {};
  const tested = await testPlugin(plugin, {
    configuration: (options.configuration ?? configuration) as never,
    settings: (options.settings ?? {}) as never,
    fetch: gitlab.fetch,
    files,
    push: async (given) => {
      pushed.push(given);
      return { commit: 'c0ffee'.padEnd(40, '0'), isNew: pushed.length === 1 };
    },
  });
  const host = (method: string, input: object) => tested.call(`codeHosts/gitlab/${method}`, input as never);
  const act = (id: string, input: object, more: object = {}) =>
    tested.call(`actions/${id}`, { input, key: 'k1', dryRun: false, ...more } as never, { files: true });
  return { gitlab, tested, host, act, pushed, files };
}
