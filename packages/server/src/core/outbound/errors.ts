import { defineErrors } from '../errors/index.ts';

/** What can go wrong with a call to another host. `{url}` never holds credentials or a query. */
export const outboundErrors = defineErrors('OUTBOUND', {
  blocked: {
    name: 'NotAllowedError',
    message: 'The portal may not call {host}: outbound.mode is closed and outbound.allow does not list the host',
    fix: "Add '{host}' to outbound.allow in the configuration, or set outbound.mode to open.",
  },
  addressBlocked: {
    name: 'NotAllowedError',
    message: '{host} stands for {address}, an address of the machine or cloud itself that holds its credentials',
    fix: "Correct the address. If the portal really must call it, add '{host}' to outbound.allow.",
  },
  redirectBlocked: {
    name: 'NotAllowedError',
    message: '{url} redirects to {host}, which it may not: {reason}',
    fix: "Use the final address in the configuration, or add '{host}' to outbound.allow if the redirect is right.",
  },
  redirects: {
    name: 'ServiceUnavailableError',
    message: '{url} redirects more than {limit} times',
    fix: 'Open the address in a browser; if it redirects there for ever too, its server is misconfigured. Else use the final address.',
  },
  protocol: {
    name: 'InputError',
    message: "'{url}' is not an address that the portal can call",
    fix: 'Use an address that starts with https:// or http://; for messages tls://, tcp:// or udp:// with a port.',
  },
  timeout: {
    name: 'ServiceUnavailableError',
    message: '{url} gave no complete answer within {milliseconds} ms',
    fix: 'Check that the host is up and reachable from here; raise outbound.timeoutMs if it is just slow.',
  },
  unreachable: {
    name: 'ServiceUnavailableError',
    message: '{url} cannot be reached: {reason}',
    fix: 'Check the address, the name resolution and the network from this machine; behind a company proxy set outbound.proxy.',
  },
  proxy: {
    name: 'ServiceUnavailableError',
    message: 'The proxy does not pass the call to {url} on: {reason}',
    fix: 'Check outbound.proxy (or the variables http_proxy and https_proxy): address, user and password, and that the proxy lets this host through.',
  },
  tls: {
    name: 'ServiceUnavailableError',
    message: '{host} cannot be trusted: {reason}',
    fix: 'If the certificate comes from your own authority, start the portal with NODE_EXTRA_CA_CERTS=/path/to/authority.pem; else renew or correct the certificate of the host.',
  },
  tooLarge: {
    name: 'PayloadTooLargeError',
    message: 'The answer of {url} is larger than {limit} bytes',
    fix: 'Point at a smaller document, or split it.',
  },
  encoding: {
    name: 'ServiceUnavailableError',
    message: 'The answer of {url} is not readable: {reason}',
    fix: 'Check the server, or the proxy between, that compresses its answers.',
  },
  status: {
    name: 'ServiceUnavailableError',
    message: '{url} answered {status}',
    fix: '{advice}',
  },
  rateLimited: {
    name: 'TooManyRequestsError',
    message: '{host} takes no more calls for {seconds} s: its rate limit is used up',
    fix: 'Wait, or configure credentials with a higher limit. The portal goes on by itself then.',
  },
});
