/** One line of the list of every host that the portal called or was asked to call. */
export type OutboundHost = {
  host: string;
  /** What for, as the callers said: 'catalog source', 'plugin x' */
  purposes: string[];
  /** When it was last called or asked for, in epoch milliseconds */
  lastUsed: number;
  count: number;
  /** How many of these calls were refused by outbound.mode */
  blocked: number;
};

const most = 1000;

/** Keeps the list; the host unused for longest goes when it is full. */
export function createHostLedger() {
  const hosts = new Map<string, OutboundHost>();
  return {
    record(host: string, purpose: string, isBlocked: boolean): void {
      const line = hosts.get(host) ?? { host, purposes: [], lastUsed: 0, count: 0, blocked: 0 };
      hosts.delete(host);
      hosts.set(host, line);
      line.lastUsed = Date.now();
      line.count += 1;
      if (isBlocked) line.blocked += 1;
      if (!line.purposes.includes(purpose) && line.purposes.length < 20) line.purposes.push(purpose);
      if (hosts.size > most) hosts.delete(hosts.keys().next().value!);
    },
    list: (): OutboundHost[] =>
      [...hosts.values()].map((line) => ({ ...line })).sort((a, b) => (a.host < b.host ? -1 : 1)),
  };
}
