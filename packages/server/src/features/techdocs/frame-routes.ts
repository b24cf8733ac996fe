import { posix } from 'node:path';
import { stringifyEntityRef } from '@callboard/model';
import { EntityPath } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../core/http/index.ts';
import type { Documents } from './documents.ts';
import { techdocsErrors } from './errors.ts';
import { foreignFile } from './foreign-file.ts';
import { contentType } from './formats/backstage/content-types.ts';
import type { Passes } from './passes.ts';
import { entityAddress } from './present.ts';
import type { Published } from './published.ts';
import { replyFile, stillFile } from './reply-file.ts';
import { movedPage, movedStyle } from './site/rooted.ts';
import { withStandIns } from './site/stand-ins.ts';

const base = '/api/techdocs/frames';
const FramePath = Type.Object({ pass: Type.String({ maxLength: 500 }), ...EntityPath.properties, '*': Type.String() });

/** Pages name their files with a version behind a question mark. */
const anyQuestion = Type.Object({}, { additionalProperties: true });

/** Where the files of a site are for whoever has a pass to them; ends with a slash. */
export const frameBase = (ref: string, pass: string) => `${base}/${pass}/${entityAddress(ref)}/`;

/** What scripts may ask for by themselves, and forms such as those for search: the files of their own site. A proxy that changes the name of the host leaves them nothing. */
const ownFiles = (host: string | undefined, at: string) =>
  host !== undefined && /^[\w.-]+(?::\d+)?$/.test(host) ? `${host}${at}` : "'none'";

/** Scripts run, without an origin: they see neither the session nor the pages of the portal, and nothing of other hosts. */
const live = (host: string | undefined, at: string) =>
  `sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads; connect-src ${ownFiles(host, at)}; form-action ${ownFiles(host, at)}; default-src 'self' 'unsafe-inline' data: blob:; frame-ancestors 'self'`;
/** Scripts that expect the site to stand elsewhere would replace the page by one that says so. */
const still =
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads; default-src 'self' 'unsafe-inline' data: blob:; script-src 'none'; form-action 'none'; frame-ancestors 'self'";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The files of sites that were built elsewhere, for the frame that shows them. */
export function registerFrames(
  http: HttpServer,
  tools: { documents: Documents; published: Published | undefined; passes: Passes },
): void {
  http.get(
    `${base}/:pass/:namespace/:kind/:name/*`,
    {
      // The pass says that its reader may see the site.
      config: { permission: 'none', audit: 'never' },
      schema: {
        operationId: 'GetDocsFrame',
        tags: ['techdocs'],
        summary: 'A file of a site that was built elsewhere, for the frame that shows it',
        params: FramePath,
        querystring: anyQuestion,
        response: {
          200: Type.String({ description: 'The file, with headers that keep it from acting as the portal.' }),
        },
      },
    },
    async (request, reply) => {
      const { pass, '*': path } = request.params;
      const ref = stringifyEntityRef(request.params);
      const opened = await tools.passes.open(pass, ref);
      if (!opened) throw techdocsErrors.passOver();
      const located = await tools.documents.locate(ref);
      const found = await foreignFile(tools, located, path, opened.version);
      if (!found) throw techdocsErrors.fileUnknown({ ref, path: path.slice(0, 300) });
      const at = frameBase(ref, pass);
      // What the page names beside itself would be looked for one folder too high.
      if (found.path === `${path}/index.html`)
        return (reply as never as { redirect(to: string): never }).redirect(`${at}${encodeURI(path)}/`);
      const type = contentType(found.path);
      const isPage = type.startsWith('text/html');
      const root = found.builtFor;
      reply.header('referrer-policy', 'no-referrer');
      // The frame has no origin, so that its own files are another site's to it.
      reply.header('cross-origin-resource-policy', 'cross-origin');
      reply.header('access-control-allow-origin', '*');
      reply.header('cache-control', 'private, no-cache');
      const isStyle = posix.extname(found.path) === '.css';
      const change =
        root === undefined
          ? isPage && withStandIns
          : (isPage || isStyle) && ((text: string) => (isPage ? movedPage : movedStyle)(text, root, at));
      const policy = !isPage ? stillFile : root === undefined ? live(request.headers.host, at) : still;
      return replyFile(reply, { type, policy, body: change ? change(decode(found.body)) : found.body });
    },
  );
}
