import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, testPortal } from '../../../testing/portal.ts';
import { syslogFrame } from '../formats/syslog/frames.ts';

/** Takes apart what came over a connection: `LENGTH MESSAGE` again and again (RFC 6587, 3.4.1). */
function messagesOf(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = space + 1 + Number(bytes.subarray(at, space).toString());
    messages.push(bytes.subarray(space + 1, end).toString('utf8'));
    at = end;
  }
  return messages;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server of syslog; it can go and come back at the same port. */
async function collector() {
  const messages: string[] = [];
  let server: Server;
  let port = 0;
  const start = async () => {
    server = createServer((socket) => {
      const pieces: Buffer[] = [];
      socket.on('data', (piece) => pieces.push(piece));
      socket.on('end', () => messages.push(...messagesOf(Buffer.concat(pieces))));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  await start();
  closing.push(stop);
  return { messages, start, stop, address: `tcp://127.0.0.1:${port}` };
}

const operations = (messages: string[]) => messages.map((message) => message.split(' ')[5]);

forEachDatabase((_dialect, { place }) => {
  test('every entry is sent to a server of syslog, also what came while it was away', { timeout: 60_000 }, async () => {
    const siem = await collector();
    const portal = await testPortal({
      place: await place(),
      config: `access: { auditSyslog: { address: '${siem.address}' } }\n`,
    });
    closing.push(() => portal.stop());
    const state = async () => (await portal.get('/api/access/audit/delivery')).body;
    const change = (role: string) =>
      portal.send('PUT', `/api/access/roles/${role}`, { permissions: ['catalog.entity.read'], description: 'ö\n"]' });
    await eventually(async () => expect(await state()).toEqual({ address: siem.address, sent: 0, waiting: 0 }));
    await change('one');
    await eventually(async () => expect(operations(siem.messages)).toEqual(['PutRole']));
    expect(siem.messages[0]).toMatch(
      /^<110>1 \S+ \S+ callboard - PutRole \[callboard@32473 id="1" .*\{"sent":\{.*"ö\\n/u,
    );
    await eventually(async () =>
      expect(await state()).toMatchObject({ sent: 1, waiting: 0, sentAt: expect.any(String) }),
    );

    await siem.stop();
    await change('two');
    await eventually(async () => {
      const { waiting, problem } = await state();
      expect(waiting).toBe(1);
      expect(problem).toMatchObject({
        message: expect.stringContaining('nothing listens there'),
        fix: expect.any(String),
      });
    });
    await siem.start();
    await change('three');
    await eventually(async () => expect(operations(siem.messages)).toEqual(['PutRole', 'PutRole', 'PutRole']), 40_000);
    expect(siem.messages.map((message) => / id="(\d+)"/.exec(message)?.[1])).toEqual(['1', '2', '3']);
    await eventually(async () => {
      const now = await state();
      expect(now).toMatchObject({ sent: 3, waiting: 0 });
      expect(now).not.toHaveProperty('problem');
    });
  });
});

test('what is not configured is not sent, and says so', async () => {
  const portal = await testPortal({ place: {} });
  closing.push(() => portal.stop());
  expect((await portal.get('/api/access/audit/delivery')).body).toEqual({ sent: 0, waiting: 0 });
});

test('a message carries its length, and a datagram has an end that is a whole character', () => {
  expect(String(syslogFrame('tls:', 'ö'))).toBe('2 ö');
  expect(String(syslogFrame('udp:', 'ö'))).toBe('ö');
  const long = syslogFrame('udp:', `a${'ö'.repeat(5000)}`);
  expect(long.length).toBe(8191);
  expect(Buffer.from(long).toString('utf8')).toBe(`a${'ö'.repeat(4095)}`);
});
