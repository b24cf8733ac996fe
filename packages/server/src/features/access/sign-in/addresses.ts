import type { FastifyRequest } from 'fastify';
import { createNetworks, isAddress } from '../../../core/outbound/index.ts';

/** `::ffff:10.0.0.1` is 10.0.0.1. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
const peer = (request: FastifyRequest) => plain(request.socket.remoteAddress ?? '');

/** Whether a request came from one of the configured proxies, and who is behind it. */
export function createAddresses(trusted: readonly string[]) {
  const isTrusted = createNetworks(trusted);
  return {
    /** The machine at the other end of the connection is a proxy that is believed. */
    isProxy: (request: FastifyRequest): boolean => isTrusted(peer(request)),
    /** The nearest address that is no trusted proxy. What strangers write into the header is never looked at. */
    clientOf(request: FastifyRequest): string {
      let address = peer(request);
      const hops = String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .map((hop) => plain(hop.trim()));
      while (isTrusted(address) && hops.length > 0) {
        const next = hops.pop()!;
        if (!isAddress(next)) break;
        address = next;
      }
      return address;
    },
  };
}

export type Addresses = ReturnType<typeof createAddresses>;
