import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../audit/types.ts';
import { syslogLine } from './lines.ts';

const entry: AuditEntry = {
  id: 7,
  at: Date.parse('2026-03-01T08:00:00.120Z'),
  actor: 'user:default/jane',
  via: 'session:1',
  address: '10.0.0.1',
  action: 'catalog.location.create',
  operation: 'CreateLocation',
  subject: '/api/catalog/locations',
  result: 'refused',
  status: 403,
  request: 'r1',
  hash: 'ab',
};

/** A reader of RFC 5424 as its grammar says (6): the header, one element of structured data, the message. */
function read(line: string) {
  const pattern =
    /^<(\d{1,3})>1 (\S+) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) \[([^ =\]"]{1,32})((?: [^ =\]"]{1,32}="(?:\\["\\\]]|[^"\\\]])*")*)\](?: (.*))?$/su;
  const [, priority, at, host, app, process, message, id, data, text] = pattern.exec(line) ?? [];
  const pairs = [...(data ?? '').matchAll(/ ([^ =]+)="((?:\\["\\\]]|[^"\\\]])*)"/gu)];
  const values = Object.fromEntries(pairs.map(([, name, value]) => [name, value!.replaceAll(/\\(["\\\]])/g, '$1')]));
  return { priority: Number(priority), at, host, app, process, message, id, values, text };
}

test('an entry is a message of RFC 5424', () => {
  expect(read(syslogLine({ ...entry, detail: { after: 'ö' } }, 'portal-1'))).toEqual({
    priority: 108,
    at: '2026-03-01T08:00:00.120Z',
    host: 'portal-1',
    app: 'callboard',
    process: '-',
    message: 'CreateLocation',
    id: 'callboard@32473',
    values: {
      id: '7',
      actor: 'user:default/jane',
      via: 'session:1',
      address: '10.0.0.1',
      action: 'catalog.location.create',
      operation: 'CreateLocation',
      subject: '/api/catalog/locations',
      result: 'refused',
      status: '403',
      request: 'r1',
      hash: 'ab',
    },
    text: '{"after":"ö"}',
  });
  expect(read(syslogLine(entry, '')).host).toBe('-');
});

test('whatever stands in an entry stays one line and one value', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (subject, operation) => {
      const line = syslogLine({ ...entry, subject, operation, detail: { sent: subject } }, 'portal-1');
      expect(line).not.toMatch(/[\n\r]/);
      const found = read(line);
      expect(found.values['subject']).toBe(subject.replaceAll(/\p{Cc}/gu, ' '));
      expect(JSON.parse(found.text!)).toEqual({ sent: subject });
    }),
    { numRuns: 300 },
  );
});
