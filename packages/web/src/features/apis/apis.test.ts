import type { ApiCall, ApiOperation } from '@callboard/model';
import { describe, expect, it } from 'vitest';
import { curlOf, requestOf, startFilling } from './curl.ts';
import { highlightLine } from './highlight.ts';
import { readPlace } from './place.ts';
import { remotesOf } from './remotes.ts';

const call: ApiCall = {
  method: 'PUT',
  path: '/ships/{id}',
  servers: ['https://a.example/v1/'],
  parameters: [
    { in: 'path', name: 'id', required: true, example: 'a b/c' },
    { in: 'query', name: 'q', required: false, example: 'no' },
    { in: 'query', name: 'day', required: true, example: "it's" },
  ],
  body: { mediaType: 'application/json', text: '{"name":"it\'s"}' },
};
const operation = {
  id: 'x',
  verb: 'PUT',
  name: '/ships/{id}',
  facts: [],
  sections: [],
  security: [[{ id: 'key', scopes: [] }]],
  call,
} satisfies ApiOperation & { call: ApiCall };
const key = {
  id: 'key',
  type: 'apiKey',
  facts: [
    { name: 'Sent in', value: 'header' },
    { name: 'Name', value: 'X-Key' },
  ],
};

describe('a call', () => {
  it('is a line for a shell that can be pasted', () => {
    const filling = startFilling(call);
    const { url, headers } = requestOf(operation, call.servers[0], filling, [key]);
    expect(url).toBe('https://a.example/v1/ships/a%20b%2Fc?day=it%27s');
    expect(curlOf(call.method, url, headers, filling.body)).toBe(
      [
        "curl -X PUT 'https://a.example/v1/ships/a%20b%2Fc?day=it%27s'",
        "-H 'X-Key: <key>'",
        "-H 'Content-Type: application/json'",
        String.raw`-d '{"name":"it'\''s"}'`,
      ].join(' \\\n  '),
    );
  });
});

describe('the part of the address behind #', () => {
  const overview = {
    lines: [{ id: 'fleet/get', group: 0, verb: 'GET', name: '/ships' }],
    typeLines: [{ id: 'Ship', name: 'Ship', what: 'object' }],
  };
  it.each([
    ['', { view: 'overview' }],
    ['fleet/get', { view: 'operation', id: 'fleet/get' }],
    ['fleet%2Fget', { view: 'operation', id: 'fleet/get' }],
    ['GET%20/ships', { view: 'operation', id: 'fleet/get' }],
    ['type/Ship', { view: 'type', id: 'Ship' }],
    ['text', { view: 'text', line: undefined }],
    ['text-L12', { view: 'text', line: 12 }],
    ['100%', { view: 'unknown', id: '100%' }],
  ])('reads %j', (hash, place) => {
    expect(readPlace(hash, overview)).toEqual(place);
  });
});

describe('colours', () => {
  it.each([
    ['  - name: "a" # note', 'yaml', ['', 'key', '', '', 'string', '', 'comment']],
    ['/ships/{id}: 1', 'yaml', ['key', '', '', 'number']],
    ['  "a": [true, -1.5e3]', 'json', ['', 'key', '', '', 'word', '', 'number', '']],
    ['repeated string a = 1; // x', 'proto', ['word', '', 'word', '', 'number', '', 'comment']],
    ['plain', 'text', ['']],
  ] as const)('of %s', (line, language, kinds) => {
    const pieces = highlightLine(line, language);
    expect(pieces.map(({ text }) => text).join('')).toBe(line);
    expect(pieces.map(({ kind = '' }) => kind)).toEqual(kinds);
  });
});

describe('remotes', () => {
  it('are read as far as they make sense', () => {
    const entity = (remotes: unknown) =>
      ({ apiVersion: 'x', kind: 'API', metadata: { name: 'a' }, spec: { remotes } }) as never;
    expect(remotesOf(entity([{ type: 'sse', url: 'https://a' }, null, { url: 7 }, { url: 'https://b' }]))).toEqual([
      { type: 'sse', url: 'https://a' },
      { type: 'remote', url: 'https://b' },
    ]);
    expect(remotesOf(entity('x'))).toEqual([]);
  });
});
