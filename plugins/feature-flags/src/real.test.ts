import { testPlugin } from '@callboard/plugin-api/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import plugin from './server.ts';
import { realUnleash } from './testing/real-unleash.ts';

const component = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
});
let unleash: Awaited<ReturnType<typeof realUnleash>>;

beforeEach(async () => {
  unleash = await realUnleash();
  vi.useFakeTimers({ toFake: ['Date'], now: unleash.at });
});
afterEach(() => void vi.useRealTimers());

test('flags of a real Unleash are read by a Viewer, and other tokens are told what they lack', async () => {
  const { address, tokens } = unleash;
  const providers = (token: string) => ({ providers: [{ address, token }] });
  const flags = await testPlugin(plugin, { configuration: providers(tokens.viewer), fetch: unleash.fetch });
  const own = await flags.call('views/flags', { entity: component('tow', { 'unleash.io/project-id': 'default' }) });
  expect(own.columns.map(({ title }: any) => title)).toEqual([
    'Flag key',
    'Type',
    'development',
    'production',
    'Created',
    'Last evaluated',
    'Attention',
  ]);
  expect(own.rows.map(({ created: _created, ...row }: any) => row)).toEqual([
    {
      key: { text: 'given-up', href: `${address}/projects/default/features/given-up` },
      type: 'release',
      e0: { text: 'disabled', tone: 'neutral' },
      e1: { text: 'disabled', tone: 'neutral' },
      evaluated: null,
      attention: { text: 'stale: marked at Unleash', tone: 'bad' },
    },
    {
      key: { text: 'night-tow', href: `${address}/projects/default/features/night-tow` },
      type: 'release',
      e0: { text: 'enabled', tone: 'good' },
      e1: { text: 'disabled', tone: 'neutral' },
      evaluated: null,
      attention: null,
    },
    {
      key: { text: 'stop-all', href: `${address}/projects/default/features/stop-all` },
      type: 'kill-switch',
      e0: { text: 'disabled', tone: 'neutral' },
      e1: { text: 'disabled', tone: 'neutral' },
      evaluated: null,
      attention: null,
    },
  ]);
  const tug = await flags.call('views/flags', { entity: component('tug') });
  expect(tug).toMatchObject({ note: 'At unleash.example.com: tagged with its name.', rows: [{ type: 'kill-switch' }] });
  expect((await flags.call('views/flags', { entity: component('raft') })).note).toContain(
    'No flags found at unleash.example.com; looked for the annotation unleash.io/project-id',
  );
  const tried = async (token: string) =>
    (await flags.call('connections/providers', { configuration: providers(token) })).items[0];
  expect(await tried(tokens.viewer)).toEqual({
    title: 'unleash.example.com',
    state: 'good',
    message: 'It answers and takes the token: 3 flags can be read.',
  });
  expect(await tried(tokens.client)).toMatchObject({
    state: 'bad',
    message: 'the token may not read flags at unleash.example.com',
    fix: expect.stringContaining('role Viewer'),
  });
  expect(await tried(tokens.nobody)).toMatchObject({
    state: 'bad',
    message: 'unleash.example.com does not take the token',
  });
  await unleash.keep();
});
