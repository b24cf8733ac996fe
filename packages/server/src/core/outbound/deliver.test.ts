import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { certificate, key } from '../../testing/certificate.ts';
import { testOutbound } from './testing.ts';

const messages = ['one', 'two', 'three'].map((text) => Buffer.from(`${text}\n`));
const purpose = 'a test';
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Reads connections to their end. */
function reader() {
  const texts: string[] = [];
  const read = (socket: Socket) => {
    let text = '';
    socket.on('data', (piece) => (text += String(piece)));
    socket.on('end', () => texts.push(text));
    socket.on('error', () => undefined);
  };
  return { texts, read };
}

test('messages go over a connection, in order, and have arrived when it is over', async () => {
  const { texts, read } = reader();
  const port = await portOf(createServer(read));
  const outbound = testOutbound({ mode: 'closed' });
  await outbound.deliver(`tcp://127.0.0.1:${port}`, messages, { purpose });
  expect(texts).toEqual(['one\ntwo\nthree\n']);
  expect(outbound.hosts()).toMatchObject([{ host: `127.0.0.1:${port}` }]);
});

test('what is too much for one moment waits until it is taken', async () => {
  const { texts, read } = reader();
  const port = await portOf(createServer(read));
  const large = Array.from({ length: 64 }, (_, index) => Buffer.alloc(65_536, 97 + (index % 26)));
  await testOutbound().deliver(`tcp://localhost:${port}`, large, { purpose });
  expect(texts.map((text) => text.length)).toEqual([64 * 65_536]);
});

test('TLS is believed only with an authority that is known, and by the right name', async () => {
  const { texts, read } = reader();
  const port = await portOf(createSecureServer({ cert: certificate, key }, read));
  const send = (tls: object) => testOutbound().deliver(`tls://localhost:${port}`, messages, { purpose, tls });
  await expect(send({})).rejects.toThrow('its certificate is signed by itself');
  await expect(send({ ca: certificate, serverName: 'other.example.com' })).rejects.toThrow('for another host name');
  await send({ ca: certificate });
  expect(texts.filter((text) => text !== '')).toEqual(['one\ntwo\nthree\n']);
});

test('a server that wants to know who sends turns away who shows nothing', async () => {
  const { texts, read } = reader();
  const wants = { cert: certificate, key, ca: certificate, requestCert: true, rejectUnauthorized: true };
  const port = await portOf(createSecureServer(wants, read));
  const send = (tls: object) =>
    testOutbound().deliver(`tls://localhost:${port}`, messages, { purpose, tls: { ca: certificate, ...tls } });
  await expect(send({})).rejects.toMatchObject({ code: expect.stringMatching(/^OUTBOUND_(TLS|UNREACHABLE)$/) });
  await send({ cert: certificate, key });
  expect(texts).toEqual(['one\ntwo\nthree\n']);
});

test('datagrams are messages of their own', async () => {
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  const got: string[] = [];
  const all = new Promise<void>((resolve) =>
    socket.on('message', (message) => got.push(String(message)) === 3 && resolve()),
  );
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  await testOutbound().deliver(`udp://127.0.0.1:${socket.address().port}`, messages, { purpose });
  await all;
  expect(got).toEqual(['one\n', 'two\n', 'three\n']);
});

test('where nobody listens, hangs or may be called, it says so', async () => {
  const server = createServer(() => undefined);
  const port = await portOf(server);
  const silent = createServer((socket) => void socket.pause());
  const hanging = await portOf(silent);
  await new Promise((resolve) => server.close(resolve));
  const send = (url: string, more: object = {}, config: object = {}) =>
    testOutbound(config).deliver(url, messages, { purpose, ...more });
  await expect(send(`tcp://127.0.0.1:${port}`)).rejects.toThrow('nothing listens there (connection refused)');
  await expect(send(`tls://127.0.0.1:${hanging}`, { timeoutMs: 200 })).rejects.toMatchObject({
    code: 'OUTBOUND_TIMEOUT',
  });
  await expect(send('udp://siem.example.com:514', {}, { mode: 'closed' })).rejects.toMatchObject({
    code: 'OUTBOUND_BLOCKED',
  });
  await expect(send('udp://169.254.169.254:514')).rejects.toMatchObject({ code: 'OUTBOUND_ADDRESS_BLOCKED' });
  for (const url of ['https://localhost:1', 'tcp://localhost', 'nonsense'])
    await expect(send(url)).rejects.toMatchObject({ code: 'OUTBOUND_PROTOCOL' });
  await expect(send(`tcp://127.0.0.1:${hanging}`, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
    'stop',
  );
});
