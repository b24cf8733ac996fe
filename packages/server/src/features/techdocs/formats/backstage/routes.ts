import { DocsVersionQuery, EntityPath } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import { type HttpServer, sse } from '../../../../core/http/index.ts';
import type { Access } from '../../../access/index.ts';
import type { Documents } from '../../documents.ts';
import { techdocsErrors } from '../../errors.ts';
import type { Published } from '../../published.ts';
import { replyFile, stillFile } from '../../reply-file.ts';
import { seenRef } from '../../seen.ts';
import { staticFile } from './files.ts';
import { metadataOf } from './metadata.ts';

const base = '/api/techdocs';
const one = ':namespace/:kind/:name';
const config = { permission: 'catalog.entity.read' };
const anything = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true });
/** Documents ask for files with words of other servers, such as `?raw=true`. */
const FileQuery = Type.Object(DocsVersionQuery.properties, { additionalProperties: true });
const FilePath = Type.Object({ ...EntityPath.properties, '*': Type.String() });

/** Whatever such a file holds, it runs nothing as the portal and sees no session. */
const policyOf = (isPage: boolean, isForeign: boolean) =>
  isPage && isForeign
    ? "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'self' 'unsafe-inline' data: blob:; connect-src 'none'; form-action 'none'; frame-ancestors 'self'"
    : stillFile;

/** Backstage's routes, so that its clients and bookmarks go on working. */
export function registerBackstage(
  http: HttpServer,
  tools: {
    documents: Documents;
    published: Published | undefined;
    access: Pick<Access, 'seenAmong' | 'scope' | 'principalOf'>;
  },
): void {
  const { documents, published, access } = tools;
  const refOf = seenRef(tools);
  http.get(
    `${base}/metadata/techdocs/${one}`,
    {
      config,
      schema: {
        operationId: 'GetTechDocsMetadata',
        tags: ['techdocs'],
        summary: 'Name, description, files and etag of a site, as Backstage gives them',
        params: EntityPath,
        response: { 200: anything },
      },
    },
    async (request) => {
      const documented = await documents.find(await refOf(request, request.params));
      const kept = await published?.read(documented.ref, 'techdocs_metadata.json');
      if (kept) return JSON.parse(new TextDecoder().decode(kept)) as Record<string, unknown>;
      return metadataOf(await documents.open(documented));
    },
  );
  http.get(
    `${base}/metadata/entity/${one}`,
    {
      config,
      schema: {
        operationId: 'GetTechDocsEntity',
        tags: ['techdocs'],
        summary: 'An entity and where its documents are, as Backstage gives them',
        params: EntityPath,
        response: { 200: anything },
      },
    },
    async (request) => {
      const documented = await documents.find(await refOf(request, request.params));
      const { entity, target, described } = documented;
      const seesAll = access.scope(access.principalOf(request), config.permission) === undefined;
      const [, type, place] = /^(\w+):(.*)$/s.exec(target) ?? [];
      return {
        ...entity,
        relations: described.relations
          .filter((relation) => relation.isOwn || seesAll)
          .map((relation) => ({ type: relation.type, targetRef: relation.targetRef })),
        ...(type !== undefined && { locationMetadata: { type, target: place } }),
      };
    },
  );
  http.get(
    `${base}/sync/${one}`,
    {
      config,
      schema: {
        operationId: 'SyncTechDocs',
        tags: ['techdocs'],
        summary: 'Bring the documents of an entity up to date',
        description:
          'As an event stream (log, error, finish) when text/event-stream is asked for; otherwise 201 when something changed and 304 when nothing did.',
        params: EntityPath,
        response: { 201: Type.Object({ message: Type.String() }), 304: Type.Null() },
      },
    },
    async (request, reply) => {
      const documented = await documents.find(await refOf(request, request.params));
      const update = async () => {
        // What another pipeline publishes is as new as it made it.
        if (await published?.metadata(documented.ref)) return false;
        const before = (await documents.open(documented)).site.fingerprint;
        return (await documents.refresh(documented)).site.fingerprint !== before;
      };
      if (!request.headers.accept?.includes('text/event-stream')) {
        if (!(await update())) return reply.code(304).send(null);
        return reply.code(201).send({ message: 'Docs updated or did not need updating' });
      }
      const stream = sse(reply);
      try {
        stream.send({ event: 'log', data: JSON.stringify(`Reading ${documented.target} of ${documented.ref}`) });
        stream.send({ event: 'finish', data: { updated: await update() } });
      } catch (error) {
        stream.send({ event: 'error', data: JSON.stringify((error as Error).message) });
      }
      stream.close();
      return reply;
    },
  );
  http.get(
    `${base}/static/docs/${one}/*`,
    {
      config,
      schema: {
        operationId: 'GetTechDocsFile',
        tags: ['techdocs'],
        summary: 'A page as HTML, an image or another file of a site',
        params: FilePath,
        querystring: FileQuery,
        response: {
          200: Type.String({ description: 'The file, with headers that keep it from acting as the portal.' }),
        },
      },
    },
    async (request, reply) => {
      const ref = await refOf(request, request.params);
      const path = request.params['*'];
      const documented = await documents.find(ref);
      const found = await staticFile(tools, documented, path, request.query.version);
      if (!found) throw techdocsErrors.fileUnknown({ ref, path: path.slice(0, 300) });
      const { type, body, isForeign } = found;
      reply.header('cross-origin-resource-policy', 'same-origin');
      reply.header('cache-control', request.query.version === undefined ? 'private, no-cache' : 'private, max-age=300');
      return replyFile(reply, { type, policy: policyOf(type.startsWith('text/html'), isForeign), body });
    },
  );
  http.get(
    `${base}/.backstage/auth/v1/cookie`,
    {
      config,
      schema: {
        operationId: 'GetTechDocsCookie',
        tags: ['techdocs'],
        summary: 'Until when files may be asked for; the session of the portal is what counts',
        response: { 200: Type.Object({ expiresAt: Type.String({ format: 'date-time' }) }) },
      },
    },
    async () => ({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() }),
  );
}
