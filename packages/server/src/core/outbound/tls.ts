/** Certificates as PEM texts: `ca` in place of the machine's authorities, `cert` and `key` to show who calls. */
export type OutboundTls = { ca?: string; cert?: string; key?: string; serverName?: string; insecure?: boolean };
