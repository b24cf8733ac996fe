import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { connect as connectSecurely } from 'node:tls';
import { promisify } from 'node:util';
import { type AllowList, bareHost } from './allow.ts';
import { outboundErrors } from './errors.ts';
import { toOutboundError } from './failure.ts';
import type { OutboundTls } from './tls.ts';
import { guardedLookup } from './transport.ts';

/** How messages are handed to a host that is not asked by HTTP. */
export type Delivery = {
  /** What for, in the list of hosts */
  purpose: string;
  tls?: OutboundTls;
  /** Most time without anything happening; 10 s when absent */
  timeoutMs?: number;
  signal?: AbortSignal;
};

/** Somebody who does not close a connection of which all was read is not waited for any longer. */
const lingerMs = 2_000;

/**
 * Hands messages to an address of `tcp:`, `tls:` or `udp:`. Over a connection it returns when the other side has taken everything and closed it, as
 * far as the protocol tells; a datagram is gone with its sending.
 */
export function createDelivery(allow: AllowList) {
  const lookup = guardedLookup(allow);

  function connect(url: URL, { tls = {} }: Delivery): [Socket, string] {
    const host = bareHost(url.hostname);
    const to = { host, port: Number(url.port), lookup: lookup as never };
    if (url.protocol === 'tcp:') return [connectPlain(to), 'connect'];
    const { ca, cert, key, serverName, insecure } = tls;
    const servername = serverName ?? (isIP(host) === 0 ? host : '');
    const trust = { ca, cert, key, servername, rejectUnauthorized: insecure !== true };
    return [connectSecurely({ ...to, ...trust }), 'secureConnect'];
  }

  async function byConnection(url: URL, messages: readonly Uint8Array[], delivery: Delivery): Promise<void> {
    const { timeoutMs = 10_000, signal } = delivery;
    const [socket, ready] = connect(url, delivery);
    const over = new Promise<never>((_resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'EPIPE' })));
    });
    over.catch(() => undefined);
    const abort = () => socket.destroy(signal!.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
    socket.setTimeout(timeoutMs, () =>
      socket.destroy(outboundErrors.timeout({ url: `${url.protocol}//${url.host}`, milliseconds: timeoutMs })),
    );
    try {
      signal?.throwIfAborted();
      await Promise.race([once(socket, ready), over]);
      // What is said to us is of no use, but must be read for the end to be seen.
      socket.resume();
      for (const message of messages) if (!socket.write(message)) await Promise.race([once(socket, 'drain'), over]);
      const ended = once(socket, 'end');
      ended.catch(() => undefined);
      await Promise.race([new Promise<void>((resolve) => socket.end(resolve)), over]);
      await Promise.race([ended, over, setTimeout(lingerMs, undefined, { ref: false })]);
    } finally {
      signal?.removeEventListener('abort', abort);
      socket.destroy();
    }
  }

  async function byDatagrams(url: URL, messages: readonly Uint8Array[], { signal }: Delivery): Promise<void> {
    const host = bareHost(url.hostname);
    const found = await promisify(lookup)(host, { all: true });
    const [to] = found as unknown as { address: string; family: number }[];
    const socket = createSocket(to!.family === 6 ? 'udp6' : 'udp4');
    let failure: Error | undefined;
    socket.on('error', (error) => (failure = error));
    try {
      // Connected, it hears of it when nothing listens there.
      socket.connect(Number(url.port), to!.address);
      await once(socket, 'connect');
      for (const message of messages) {
        signal?.throwIfAborted();
        await new Promise<void>((resolve, reject) =>
          socket.send(message, (error) => (error ? reject(error) : resolve())),
        );
      }
      await setImmediate();
      if (failure) throw failure;
    } finally {
      socket.close();
    }
  }

  return async (url: URL, messages: readonly Uint8Array[], delivery: Delivery): Promise<void> => {
    try {
      await (url.protocol === 'udp:' ? byDatagrams : byConnection)(url, messages, delivery);
    } catch (error) {
      throw toOutboundError(error, url);
    }
  };
}
