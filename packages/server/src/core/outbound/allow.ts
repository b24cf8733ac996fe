import { BlockList, isIP } from 'node:net';

/** `outbound` in the configuration. */
export type OutboundConfig = { mode: 'open' | 'closed'; allow: string[]; proxy?: string; timeoutMs: number };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
// The unspecified address reaches this machine, too.
loopback.addAddress('0.0.0.0', 'ipv4');
loopback.addAddress('::', 'ipv6');

/** Link-local networks and the addresses at which clouds hand out credentials to whoever asks. */
const guarded = new BlockList();
guarded.addSubnet('169.254.0.0', 16, 'ipv4');
guarded.addAddress('100.100.100.200', 'ipv4');
guarded.addSubnet('fe80::', 10, 'ipv6');
guarded.addAddress('fd00:ec2::254', 'ipv6');
guarded.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');

const within = (list: BlockList, address: string) => {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
};

/** A host as compared: lower case, no brackets, no final dot. */
export const bareHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** Whether a host is this machine by name or number. */
export function isLoopbackHost(host: string): boolean {
  const bare = bareHost(host);
  return bare === 'localhost' || bare.endsWith('.localhost') || within(loopback, bare);
}

/** Whether an address is one that nothing outside configuration may send the portal to. */
export const isGuardedAddress = (address: string) => within(guarded, bareHost(address));

type Entry = { host: string; port: string; suffix: boolean };

function parseEntry(text: string): Entry {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(text.trim()) ?? [];
  const host = (bracketed ?? plain ?? text).toLowerCase();
  return host.startsWith('*.')
    ? { host: host.slice(1), port, suffix: true }
    : { host: bareHost(host), port, suffix: false };
}

export type AllowList = {
  /** Whether an entry names the host, in full or by its suffix. */
  covers(host: string, port: string): boolean;
  /** Whether an entry names exactly this host; a suffix does not make a guarded address right. */
  names(host: string): boolean;
};

/**
 * Reads `outbound.allow`: `host`, `host:port` or `*.suffix`.
 *
 * @param entries - as configured
 */
export function createAllowList(entries: string[]): AllowList {
  const parsed = entries.map(parseEntry);
  return {
    covers(host, port) {
      const bare = bareHost(host);
      return parsed.some(
        (entry) =>
          (entry.suffix ? bare.endsWith(entry.host) : bare === entry.host) &&
          (entry.port === '' || entry.port === port),
      );
    },
    names: (host) => parsed.some((entry) => !entry.suffix && entry.host === bareHost(host)),
  };
}
