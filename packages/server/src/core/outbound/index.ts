import type { Logger } from '../log/index.ts';
import type { OutboundConfig } from './allow.ts';
import { bareHost, createAllowList, isGuardedAddress, isLoopbackHost } from './allow.ts';
import { outboundErrors } from './errors.ts';
import { createDelivery, type Delivery } from './deliver.ts';
import type { OutboundHost } from './hosts.ts';
import { createHostLedger } from './hosts.ts';
import { createBudgets } from './patience.ts';
import type { OutboundAnswer, OutboundRequest, OutboundStream } from './request.ts';
import { createRequester } from './request.ts';
import { parseRemote } from './remote.ts';
import { createTransport } from './transport.ts';

export type { OutboundConfig } from './allow.ts';
export type { OutboundHost } from './hosts.ts';
export { createNetworks, isAddress, isNetwork } from './networks.ts';
export type { OutboundAnswer, OutboundRequest, OutboundStream } from './request.ts';
export type { OutboundTls } from './tls.ts';

const deliveryProtocols = new Set(['tcp:', 'tls:', 'udp:']);

/** The only way out of the process. */
export type Outbound = {
  /**
   * Calls another host. Waits, retries and follows redirects within `timeoutMs`, and throws an AppError for everything but a success.
   */
  request(url: string | URL, options?: OutboundRequest): Promise<OutboundAnswer>;
  /** Like `request`, for answers without an end: the promise resolves when the answer begins. */
  stream(url: string | URL, options?: OutboundRequest): Promise<OutboundStream>;
  /** Throws unless the address may be called; for what other programs call, such as Git remotes (also `ssh://` and `user@host:path`). */
  assertAllowed(url: string, purpose: string): void;
  /**
   * Hands messages to `tcp://host:port`, `tls://host:port` or `udp://host:port`, without a proxy. Throws an AppError when they were not taken, as far as
   * the protocol tells.
   */
  deliver(url: string, messages: readonly Uint8Array[], delivery: Delivery): Promise<void>;
  /** The proxy variables for another program that calls the address; empty when none is configured. */
  environment(url: string): Record<string, string>;
  /** Every host that was called or asked for since the start. */
  hosts(): OutboundHost[];
  /** Drops the connections that are kept open. */
  close(): Promise<void>;
};

/**
 * Makes the way out.
 *
 * @param options.config - the part `outbound` counts
 * @param options.log - retries and refusals are logged here
 */
export function createOutbound(options: { config: { outbound: OutboundConfig }; log: Logger }): Outbound {
  const { outbound: config } = options.config;
  const allow = createAllowList(config.allow);
  const ledger = createHostLedger();
  const transport = createTransport(config, allow);
  const deliver = createDelivery(allow);

  /** Throws unless configuration lets the host be called. This machine itself may be: nothing leaves it. */
  const assertHost = (hostname: string, port: string, purpose: string) => {
    const host = bareHost(hostname);
    const shown = port === '' ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const isClosed = config.mode === 'closed' && !isLoopbackHost(host) && !allow.covers(host, port);
    const isGuarded = isGuardedAddress(host) && !allow.names(host);
    ledger.record(shown, purpose, isClosed || isGuarded);
    if (isClosed) throw outboundErrors.blocked({ host: shown });
    if (isGuarded) throw outboundErrors.addressBlocked({ host: shown, address: host });
  };

  return {
    ...createRequester({ config, log: options.log, transport, assertHost, allow, budgets: createBudgets() }),
    assertAllowed(url, purpose) {
      const remote = parseRemote(url);
      if (remote) assertHost(remote.host, remote.port, purpose);
    },
    async deliver(url, messages, delivery) {
      const to = URL.canParse(url) ? new URL(url) : undefined;
      if (!to || !deliveryProtocols.has(to.protocol) || to.hostname === '' || to.port === '')
        throw outboundErrors.protocol({ url: url.slice(0, 200) });
      assertHost(to.hostname, to.port, delivery.purpose);
      await deliver(to, messages, delivery);
    },
    environment(url): Record<string, string> {
      const remote = parseRemote(url);
      if (!config.proxy || !remote || isLoopbackHost(remote.host)) return {};
      return { http_proxy: config.proxy, https_proxy: config.proxy, HTTPS_PROXY: config.proxy };
    },
    hosts: ledger.list,
    close: transport.close,
  };
}
