import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { CorsConfig } from './cors.ts';
import { createOriginTest } from './cors.ts';
import { httpErrors } from './errors.ts';
import { shorten } from './envelope.ts';

/** Hosts beside the portal's own whose frames and images its pages may show. */
export type ShownHosts = { frames: readonly string[]; images: readonly string[] };

const contentSecurityPolicy = (shown: ShownHosts) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // The component library writes its theme variables into style elements.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', ...shown.images],
    mediaSrc: ["'self'"],
    frameSrc: ["'self'", ...shown.frames],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    manifestSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
  },
});

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** Whether a listening address reaches this machine only. */
export const isLoopback = (host: string) => loopback.test(host.toLowerCase());

const hostName = (hostHeader: string) => {
  const name = hostHeader.toLowerCase().replace(/:\d*$/, '');
  return name.startsWith('[') || !name.includes(':') ? name : `[${name}]`;
};

const hostOf = (url: string | undefined) => (url && URL.canParse(url) ? new URL(url).hostname : undefined);
const originOf = (url: string | undefined) => (url && URL.canParse(url) ? new URL(url).origin : undefined);

export type SecurityConfig = { app?: { baseUrl?: string }; server: { host: string; cors?: CorsConfig } };

/** Refuses foreign host names on a loopback portal: a web page whose name is re-pointed at 127.0.0.1 must not read it. */
function registerHostCheck(http: FastifyInstance, config: SecurityConfig): void {
  if (!isLoopback(config.server.host)) return;
  const extra = hostOf(config.app?.baseUrl);
  http.addHook('onRequest', async (request) => {
    const host = request.headers.host;
    if (host === undefined || host === '') return;
    const name = hostName(host);
    if (loopback.test(name) || name === extra || name.endsWith('.localhost')) return;
    throw httpErrors.hostNotAllowed({ host: shorten(host, 100), expected: config.app?.baseUrl || 'http://localhost' });
  });
}

/** Refuses changes that another site's page sends with the visitor's session. Clients that are no browsers send neither header. */
function registerCrossSiteCheck(http: FastifyInstance, config: SecurityConfig): void {
  const allowed = createOriginTest(config.server.cors);
  const own = originOf(config.app?.baseUrl);
  http.addHook('onRequest', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return;
    const { origin, host } = request.headers;
    const site = request.headers['sec-fetch-site'];
    if (site === 'same-origin' || site === 'none') return;
    if (site === undefined && origin === undefined) return;
    if (origin !== undefined && (allowed(origin) || origin === own)) return;
    // A proxy in front may have ended TLS, so only the host is compared.
    if (site === undefined && origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return;
    throw httpErrors.crossSite({ method: request.method, origin: shorten(origin ?? String(site), 100) });
  });
}

/** Security headers on every answer, and the two checks on where a request comes from. */
export async function registerSecurity(
  http: FastifyInstance,
  config: SecurityConfig,
  shown: ShownHosts = { frames: [], images: [] },
): Promise<void> {
  await http.register(helmet, {
    global: true,
    contentSecurityPolicy: contentSecurityPolicy(shown),
    // Plain HTTP inside a company must keep working; the proxy that ends TLS sets this header.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  registerHostCheck(http, config);
  registerCrossSiteCheck(http, config);
}
