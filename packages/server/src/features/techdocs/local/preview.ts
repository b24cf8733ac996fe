import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createHttp, sse, type SseStream, startListening, stopListening } from '../../../core/http/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { contentType } from '../formats/backstage/content-types.ts';
import { normalPath } from '../formats/mkdocs/paths.ts';
import { escapeText } from '../render/escape.ts';
import type { OpenSite } from '../page-reader.ts';
import { pageDocument } from './document.ts';
import { createLocalSite } from './local-site.ts';
import { themeCss } from './theme.ts';

const reloadScript = `new EventSource('/-/changes').addEventListener('changed',()=>location.reload());`;

/** Editors write in several steps; what they do within this time is one change. */
const settleMs = 30;

/**
 * Serves the documents in a folder on this machine only, and has the browser load a page again when a file changes.
 *
 * @returns where it listens, and how to stop it
 */
export async function previewDocs(options: {
  folder: string;
  port: number;
}): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = resolve(options.folder);
  const local = createLocalSite(folder);
  let opening: Promise<OpenSite> | undefined = local.open();
  await opening;
  const http = await createHttp({
    config: { server: { host: '127.0.0.1', port: options.port } } as never,
    log: await createLogger({ level: 'warn', format: 'text' }),
    version: '0',
  });
  const streams = new Set<SseStream>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name !== null && /(?:^|[\\/])(?:\.git|node_modules)(?:[\\/]|$)/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      opening = undefined;
      for (const stream of streams) stream.send({ event: 'changed', data: '' });
    }, settleMs);
  });
  watcher.on('error', () => undefined);

  http.get('/-/changes', { schema: { hide: true } }, async (_request, reply) => {
    const stream = sse(reply);
    streams.add(stream);
    stream.signal.addEventListener('abort', () => streams.delete(stream));
    return reply;
  });
  http.get('/-/reload.js', { schema: { hide: true } }, async (_request, reply) =>
    (reply as { type(type: string): { send(text: string): unknown } }).type('text/javascript').send(reloadScript),
  );
  http.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    const send = (type: string, body: string | Buffer, status = 200) =>
      reply
        .code(status as 200)
        .type(type)
        .send(body);
    if (path === 'assets/docs.css') return send('text/css; charset=utf-8', themeCss);
    const katex = /^assets\/katex\/((?:fonts\/)?[\w.-]+)$/.exec(path)?.[1];
    if (katex !== undefined)
      return send(contentType(katex), await readFile(fileURLToPath(import.meta.resolve(`katex/dist/${katex}`))));
    const open = await (opening ??= local.open());
    const file = open.site.files.get(path);
    if (file && !/\.(?:md|markdown)$/i.test(path)) {
      reply.header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'");
      return send(contentType(path), Buffer.from((await open.tree.read(file.source)) ?? new Uint8Array()));
    }
    const page = open.site.byPath.get(normalPath(path)) ?? (path === '' ? open.site.pages[0] : undefined);
    const head = '<script src="/-/reload.js"></script>';
    if (!page)
      return send(
        'text/html; charset=utf-8',
        `<!doctype html><title>Not there</title>${head}<p>There is no page ${escapeText(path)}.</p>`,
        404,
      );
    if (path !== '' && !path.endsWith('/')) return reply.redirect(`/${path}/`);
    const ordered = open.site.pages;
    const place = ordered.indexOf(page);
    const linkTo = async (other: (typeof ordered)[number] | undefined) =>
      other && { path: other.path, title: await local.titleOf(open, other) };
    const [nav, title, rendered, previous, next] = await Promise.all([
      local.navigation(open),
      local.titleOf(open, page),
      local.page(open, page),
      linkTo(ordered[place - 1]),
      linkTo(ordered[place + 1]),
    ]);
    return send(
      'text/html; charset=utf-8',
      pageDocument({
        siteTitle: open.site.title,
        title,
        path: page.path,
        nav,
        rendered,
        form: 'folder',
        head,
        withNotes: true,
        ...(previous && { previous }),
        ...(next && { next }),
      }),
    );
  });
  const listening = await startListening(http, { host: '127.0.0.1', port: options.port });
  http.setReady(true);
  return {
    url: listening.url,
    async stop() {
      watcher.close();
      clearTimeout(timer);
      for (const stream of streams) stream.close();
      await stopListening(http);
      await local.close();
    },
  };
}
