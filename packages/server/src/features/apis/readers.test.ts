import { afterEach, expect, test } from 'vitest';
import { createReaders, type Readers } from './readers.ts';

const entity = (definition: string, type = 'openapi') => JSON.stringify({ spec: { type, definition } });
const good = entity('openapi: 3.1.0\ninfo: { title: T, version: "1" }\npaths: { /a: { get: { responses: {} } } }');

const open: Readers[] = [];
const start = (options: Parameters<typeof createReaders>[0]) => {
  const readers = createReaders(options);
  open.push(readers);
  return readers;
};
afterEach(async () => {
  for (const readers of open.splice(0)) await readers.close();
});

/** A definition that keeps its thread busy: many types that each name many. */
const large = () => {
  const schemas: Record<string, unknown> = {};
  for (let index = 0; index < 3_000; index += 1)
    schemas[`T${index}`] = {
      properties: Object.fromEntries(Array.from({ length: 100 }, (_, field) => [`f${field}`, { type: 'string' }])),
    };
  return entity(JSON.stringify({ openapi: '3.1.0', info: {}, paths: {}, components: { schemas } }));
};

test('reads one after the other, and again after a rest', async () => {
  const readers = start({ idleMs: 20 });
  const both = await Promise.all([readers.read(good), readers.read(entity('x', 'soap')), readers.read('{}')]);
  expect(both.map((each) => each?.summary.format)).toEqual(['openapi', 'text', undefined]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await readers.read(good))?.summary.operations).toBe(1);
});

test('gives up what takes too long, and goes on with the next', async () => {
  const readers = start({ deadlineMs: 150 });
  const slow = await readers.read(large());
  expect(JSON.parse(slow!.overview).found).toMatchObject([
    { code: 'APIS_DEFINITION_GIVEN_UP', message: 'Reading the definition took longer than 0.15 s.' },
  ]);
});

test('survives a definition that needs more memory than it may', async () => {
  const readers = start({ memory: 24 });
  const found = await readers.read(large());
  expect(JSON.parse(found!.overview).found[0].code).toBe('APIS_DEFINITION_GIVEN_UP');
  expect((await start({}).read(good))?.summary.operations).toBe(1);
});
