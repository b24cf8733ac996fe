import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Addresses that are never pages. */
const notPages = /^\/(api|assets|\.backstage|healthz|readyz|metrics)(\/|$)/;

/** Whether a request is a person opening a page, as opposed to a script asking for a file. */
export function isNavigation(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const path = request.url.split('?', 1)[0]!;
  return !notPages.test(path) && (request.headers.accept ?? '').includes('text/html');
}

const missingPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Callboard: the web app is not built</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{background:#8883;padding:.1em .3em;border-radius:4px}</style></head>
<body><h1>The web app is not built</h1>
<p>The server runs, and its API answers at <a href="/api/openapi.json">/api/openapi.json</a>, but the folder with the web app's files is missing.</p>
<p>Run <code>npm run build</code> in Callboard's folder, then load this page again. <code>npm start</code> does it by itself.</p></body></html>
`;

/** The frame in which web parts of plugins run that are kept apart: no session, no network, nothing but its own script and what it is handed. */
const framePolicy = (hashes: string) =>
  `sandbox allow-scripts; default-src 'none'; script-src blob:${hashes}; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`;

/** `'sha256-…'` of each script that stands in a page itself. */
export const inlineScriptHashes = (html: string): string =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
    .map(([, text]) => ` 'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
    .join('');

/** Gives the hashes of a page's own scripts; reads the page again when it was built anew. */
function createHashesOf(): (file: string) => string {
  const known = new Map<string, { at: number; hashes: string }>();
  return (file) => {
    const { mtimeMs, size } = statSync(file);
    const at = mtimeMs + size;
    const found = known.get(file);
    if (found?.at === at) return found.hashes;
    const hashes = inlineScriptHashes(readFileSync(file, 'utf8'));
    known.set(file, { at, hashes });
    return hashes;
  };
}

/** Answers a navigation with the web app's start page, or says how to build it; undefined when the request is none. */
export type PageFallback = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined;

/**
 * Serves the built web app: its files, and its start page for every address that a person opens.
 *
 * @param http - the server
 * @param directory - the folder with index.html; may be built later
 * @returns what the not-found handler asks first
 */
export async function registerWebApp(http: FastifyInstance, directory: string): Promise<PageFallback> {
  const root = resolve(directory);
  const hashesOf = createHashesOf();
  await http.register(fastifyStatic, {
    root,
    prefix: '/',
    index: 'index.html',
    preCompressed: true,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.startsWith(join(root, 'assets'));
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      const [page] = /^.*\.html(?=(\.br|\.gz)?$)/.exec(path) ?? [];
      if (page === undefined) return;
      const hashes = hashesOf(page);
      if (page.endsWith('plugin-frame.html')) {
        reply.header('content-security-policy', framePolicy(hashes));
      } else {
        const policy = String(reply.getHeader('content-security-policy'));
        reply.header('content-security-policy', policy.replace("script-src 'self'", `script-src 'self'${hashes}`));
      }
    },
  });
  return (request, reply) => {
    if (!isNavigation(request)) return undefined;
    if (existsSync(join(root, 'index.html'))) return reply.code(200).sendFile('index.html');
    return reply.code(503).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(missingPage);
  };
}
