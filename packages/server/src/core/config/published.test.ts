import { Ajv2020 } from 'ajv/dist/2020.js';
import { Type } from '@callboard/model/schema';
import { describe, expect, test } from 'vitest';
import { duration } from './duration.ts';
import { configurationKeys, configurationSchema } from './published.ts';

const sections = [
  {
    owner: 'zoo',
    schema: Type.Object({
      zoo: Type.Object({
        animals: Type.Array(Type.Object({ name: Type.String(), legs: Type.Integer({ default: 4 }) }), {
          default: [],
          description: 'Who lives there.',
        }),
        nap: Type.Optional(duration()),
      }),
    }),
  },
];

describe('configurationSchema', () => {
  const schema = configurationSchema(sections);
  const validate = new Ajv2020({
    strict: true,
    strictTypes: false,
    formats: { uri: (text: string) => URL.canParse(text) },
  }).compile(schema);

  test.each([
    {},
    { server: {} },
    { server: { port: 8080 }, zoo: { animals: [{ name: 'A' }] } },
    { server: { port: '${PORT}' }, database: { url: { $env: 'DATABASE_URL' } } },
    { zoo: { nap: '5m' } },
    { zoo: { nap: { minutes: 5 } } },
    { zoo: { animals: { $include: './animals.yaml' } }, server: { $include: './server.yaml' } },
    { integrations: { anything: [1] }, auth: null },
  ])('accepts %j', (value) => {
    expect(validate(value) || validate.errors).toBe(true);
  });

  test.each([
    { servr: {} },
    { server: { port: 'seven' } },
    { server: { port: 70_000 } },
    { zoo: { animals: [{ legs: 1 }] } },
    { zoo: { nap: 'soon' } },
    { zoo: { nap: { minuts: 5 } } },
    { database: { url: { $env: 'A', more: 1 } } },
    { log: { level: 'loud' } },
  ])('refuses %j', (value) => {
    expect(validate(value)).toBe(false);
  });

  test('keeps descriptions and defaults, and none of our own marks', () => {
    const server = schema.properties?.server?.properties ?? {};
    expect(server.port).toMatchObject({ default: 7007, description: 'Port to listen on; 0 takes a free one.' });
    expect(JSON.stringify(schema)).not.toMatch(/"expected"|"secret"/);
    expect(schema.properties?.auth).toEqual({
      description:
        'Accepted without effect: is read in an app-config.yaml; in callboard.yaml access.signIn says how people sign in.',
    });
    expect(schema.properties?.kubernetes).toEqual({ description: 'Is read by the Kubernetes plugin.' });
  });
});

test('configurationKeys lists the keys for the reference, in order', () => {
  const keys = configurationKeys(sections);
  expect(keys.map((entry) => entry.key).slice(0, 5)).toEqual([
    'app.title',
    'app.baseUrl',
    'organization.name',
    'server.host',
    'server.port',
  ]);
  expect(keys.find((entry) => entry.key === 'zoo.animals')).toEqual({
    key: 'zoo.animals',
    value: [],
    default: [],
    origin: 'default',
    owner: 'zoo',
    type: 'a list of groups of keys',
    description: 'Who lives there.',
  });
  // Nothing of the machine it runs on may get into the reference.
  expect(keys.find((entry) => entry.key === 'data.directory')?.value).toBe('.callboard');
});
