import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { operationsOf } from './definition.ts';

const example = (path: string) =>
  readFile(new URL(`../../../../../../examples/company/${path}`, import.meta.url), 'utf8');

test('OpenAPI: method, path, operation id, summary', async () => {
  const found = operationsOf('openapi', await example('reservations/api/reservations.openapi.yaml'));
  expect(found.find((each) => each.id === 'POST /bookings')).toMatchObject({
    type: 'operation',
    title: 'POST /bookings',
    names: ['createBooking'],
    words: ['POST /bookings', 'bookings', 'Idempotency-Key'],
    text: 'Hold a booking\nClaims the capacity and waits for the payment. Repeating with the same key returns the same booking.',
    deprecated: false,
  });
});

test('Swagger 2 has its base path in the address', async () => {
  const found = operationsOf('openapi', await example('corran-legacy/api/haulage.swagger.yaml'));
  expect(found.map((each) => [each.title, each.names])).toContainEqual(['GET /api/hauliers', ['GetHauliers']]);
});

test('AsyncAPI 3: channels with their messages, and operations', async () => {
  const found = operationsOf('asyncapi', await example('reservations/api/booking-events.asyncapi.yaml'));
  expect(found.map((each) => each.id)).toEqual(['channel selling.booking.v2', 'operation publishBooking']);
  expect(found[0]!.names).toContain('booking.confirmed');
  expect(found[1]!.title).toBe('SEND selling.booking.v2');
});

test('AsyncAPI 2: publish and subscribe', () => {
  const found = operationsOf(
    'asyncapi',
    `asyncapi: 2.6.0
channels:
  user/signedup:
    subscribe:
      operationId: onSignedUp
      summary: Somebody signed up
      message: { $ref: '#/components/messages/UserSignedUp' }
components: { messages: { UserSignedUp: { name: UserSignedUp, title: A new user } } }`,
  );
  expect(found).toMatchObject([
    {
      id: 'channel user/signedup',
      names: ['user/signedup', 'onSignedUp', 'UserSignedUp'],
      text: 'Somebody signed up\nA new user',
    },
  ]);
});

test('GraphQL: fields of the root types are operations, the rest are types', async () => {
  const found = operationsOf('graphql', await example('crewing/api/roster.graphql'));
  const ids = found.map((each) => each.id);
  expect(ids).toContain('query seafarers');
  expect(ids).toContain('mutation offerSwap');
  expect(ids).toContain('type Seafarer');
  expect(ids).not.toContain('query rank');
  expect(found.find((each) => each.id === 'query expiring')).toMatchObject({
    text: 'Certificates that run out within so many days.',
    names: ['expiring'],
  });
  expect(found.find((each) => each.id === 'type Seafarer')!.words).toEqual([
    'id',
    'name',
    'rank',
    'certificates',
    'watches',
    'restLastSevenDays',
  ]);
});

test('GraphQL: a schema may give its roots other names', () => {
  const found = operationsOf(
    'graphql',
    'schema { query: Root }\ntype Root { "All pets" pets(limit: Int = 5): [Pet!]! }\ntype Pet { name: String }',
  );
  expect(found.map((each) => each.id)).toEqual(['query pets', 'type Pet']);
});

test('proto: services, calls with their comments, messages with their fields', async () => {
  const found = operationsOf('grpc', await example('gangway/api/manifest.proto'));
  const byId = new Map(found.map((each) => [each.id, each]));
  expect(byId.get('rpc ManifestService.CloseManifest')).toMatchObject({
    title: 'ManifestService.CloseManifest',
    names: ['CloseManifest', 'ManifestService/CloseManifest'],
    text: 'Closes and signs the manifest. Nothing can be added afterwards.',
  });
  expect(byId.get('message Person')!.words).toContain('family_name');
  expect(byId.has('service ManifestService') && byId.has('enum ManifestState')).toBe(true);
});

test('what is no definition offers nothing, and nothing hangs', () => {
  for (const text of [
    '',
    '[]',
    '{',
    'a: [',
    '"text"',
    '{{{{',
    'service {',
    'type {'.repeat(10_000),
    '/*'.repeat(50_000),
  ])
    for (const type of ['openapi', 'asyncapi', 'graphql', 'grpc', 'other']) {
      const started = performance.now();
      expect(operationsOf(type, text).length).toBeLessThan(2_001);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
});
