import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import picomatch from 'picomatch';

/** `server.cors`, in the shape of Backstage's `backend.cors`. */
export type CorsConfig = {
  origin?: boolean | string | string[];
  methods?: string | string[];
  allowedHeaders?: string | string[];
  exposedHeaders?: string | string[];
  credentials?: boolean;
  maxAge?: number;
};

/**
 * Makes the test whether another site's pages may use this portal.
 *
 * @param cors - no configuration means nobody may
 */
export function createOriginTest(cors: CorsConfig | undefined): (origin: string) => boolean {
  const { origin } = cors ?? {};
  if (origin === undefined || origin === false) return () => false;
  if (origin === true) return () => true;
  const patterns = [origin].flat().filter(Boolean);
  // "*" alone means everybody; inside a pattern it stays within one part of the host name.
  if (patterns.includes('*')) return () => true;
  const matches = patterns.map((pattern) => picomatch(pattern.replaceAll('.', '/'), { nocase: true }));
  return (candidate) => patterns.includes(candidate) || matches.some((match) => match(candidate.replaceAll('.', '/')));
}

const joined = (value: string | string[] | undefined) => (value === undefined ? undefined : [value].flat().join(', '));

/** Adds the CORS headers for allowed origins and answers their preflight requests. */
export function registerCors(http: FastifyInstance, cors: CorsConfig | undefined): void {
  if (!cors) return;
  const allowed = createOriginTest(cors);
  http.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    if (!origin || !allowed(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    if (cors.credentials) reply.header('access-control-allow-credentials', 'true');
    const exposed = joined(cors.exposedHeaders);
    if (exposed) reply.header('access-control-expose-headers', exposed);
    const wanted = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || !wanted) return undefined;
    reply.header('access-control-allow-methods', joined(cors.methods) ?? 'GET, HEAD, PUT, PATCH, POST, DELETE');
    const headers = joined(cors.allowedHeaders) ?? request.headers['access-control-request-headers'];
    if (headers) reply.header('access-control-allow-headers', headers);
    if (cors.maxAge !== undefined) reply.header('access-control-max-age', String(cors.maxAge));
    return reply.code(204).send();
  });
}
