import type { KindDefinition } from '@callboard/model';
import {
  CheckDescriptorBody,
  CheckDescriptorResponse,
  DescriptorQuery,
  DescriptorResponse,
  DescriptorSchemasResponse,
  largestDescriptor,
  ProblemExcerptResponse,
  ProblemIdPath,
  SaveDescriptorBody,
  SaveDescriptorResponse,
} from '@callboard/model/http';
import type { FastifyRequest } from 'fastify';
import { descriptorErrors } from '../descriptor/errors.ts';
import { type DescriptorFile, fileOfDocument, fileOfEntity, heldByFile, problemById } from '../store/descriptors.ts';
import { refsFulfilling } from '../store/entities.ts';
import { isProblemSeen } from '../store/read-problems.ts';
import { routeErrors } from './errors.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, canonicalRef } from './tools.ts';

const tags = ['descriptors'];
const read = { permission: 'catalog.entity.read' };
// A text may need twice its length as JSON, and some more for what is around it.
const bodyLimit = 3 * largestDescriptor;

/** One entry of the answer to GET /descriptor/schemas. */
function schemaOf({ kind, description, apiVersions, schema, variants = [], relations }: KindDefinition) {
  return {
    kind,
    ...(description !== undefined && { description }),
    apiVersions,
    schema,
    variants: variants.map(({ type, schema: own }) => ({ type, schema: own })),
    references: [...relations, ...variants.flatMap((variant) => variant.relations ?? [])].map(
      ({ field, defaultKind, targetKinds }) => ({
        field,
        kinds:
          targetKinds ?? (defaultKind === undefined ? [] : defaultKind === 'Group' ? ['Group', 'User'] : [defaultKind]),
        isKindNeeded: defaultKind === undefined,
      }),
    ),
  };
}

/** Who asks for a file sees all of it, so all that it describes must be theirs to see. */
async function visible(
  { reading, scopeOf }: RouteTools,
  request: FastifyRequest,
  file: DescriptorFile | undefined,
  options: { what: string; seenBy?: string; permission?: string },
): Promise<DescriptorFile> {
  const unknown = () => descriptorErrors.descriptorUnknown({ what: options.what });
  if (!file) throw unknown();
  const scopes = [await scopeOf(request), options.permission && (await scopeOf(request, options.permission))];
  for (const [index, scope] of scopes.entries()) {
    if (!scope) continue;
    const held = [...(await heldByFile(reading, file.document.id, [])).keys()];
    const seen = new Set(await refsFulfilling(reading, held, scope));
    // What nobody may know of is not there; what they know a part of may not be told whole.
    if (index === 0 && !(options.seenBy ? seen.has(options.seenBy) : seen.size > 0)) throw unknown();
    if (seen.size < held.length) throw descriptorErrors.descriptorHidden();
  }
  return file;
}

async function problemFile(tools: RouteTools, request: FastifyRequest, id: number) {
  const problem = await problemById(tools.reading, id);
  if (!problem) throw routeErrors.problemUnknown({ id });
  const scope = await tools.scopeOf(request);
  if (scope && !(await isProblemSeen(tools.reading, id, scope))) throw routeErrors.problemUnknown({ id });
  const file = problem.document_id === null ? undefined : await fileOfDocument(tools.reading, problem.document_id);
  return { problem, file: await visible(tools, request, file, { what: `problem ${id}` }) };
}

function registerReading(http: Routes, tools: RouteTools): void {
  const { descriptors } = tools.actions;
  http.get(
    `${base}/descriptor`,
    {
      config: read,
      schema: {
        operationId: 'GetDescriptor',
        tags,
        summary: 'The text of a descriptor file as it is now, with the place of every value',
        querystring: DescriptorQuery,
        response: { 200: DescriptorResponse },
      },
    },
    async (request) => {
      const { entityRef, problem } = request.query;
      if ((entityRef === undefined) === (problem === undefined)) throw descriptorErrors.descriptorUnspecified();
      if (problem !== undefined) return descriptors.read((await problemFile(tools, request, problem)).file);
      const ref = canonicalRef(entityRef!);
      return descriptors.read(
        await visible(tools, request, await fileOfEntity(tools.reading, ref), { what: ref, seenBy: ref }),
      );
    },
  );
  http.get(
    `${base}/descriptor/schemas`,
    {
      config: read,
      schema: {
        operationId: 'GetDescriptorSchemas',
        tags,
        summary: 'The kinds with their schemas, as descriptors are checked by them',
        response: { 200: DescriptorSchemasResponse },
      },
    },
    async () => ({ kinds: tools.reading.kinds.all.map(schemaOf) }),
  );
  http.get(
    `${base}/problems/:id/excerpt`,
    {
      config: read,
      schema: {
        operationId: 'GetProblemExcerpt',
        tags: ['problems'],
        summary: 'The lines around a problem, as the file has them now',
        params: ProblemIdPath,
        response: { 200: ProblemExcerptResponse },
      },
    },
    async (request) => {
      const { problem, file } = await problemFile(tools, request, request.params.id);
      const found = await descriptors.excerpt(file, problem);
      if (!found) throw descriptorErrors.descriptorUnknown({ what: `problem ${problem.id}` });
      return found;
    },
  );
}

function registerEditing(http: Routes, tools: RouteTools): void {
  const { descriptors } = tools.actions;
  const fileOf = async (request: FastifyRequest, id: number, permission?: string) =>
    visible(tools, request, await fileOfDocument(tools.reading, id), {
      what: `document ${id}`,
      ...(permission !== undefined && { permission }),
    });
  http.post(
    `${base}/descriptor/check`,
    {
      bodyLimit,
      config: { permission: 'catalog.entity.validate' },
      schema: {
        operationId: 'CheckDescriptor',
        tags,
        summary: 'What a text would change if the file had it; stores nothing',
        body: CheckDescriptorBody,
        response: { 200: CheckDescriptorResponse },
      },
    },
    async (request) => descriptors.check(await fileOf(request, request.body.document), request.body.text),
  );
  http.put(
    `${base}/descriptor`,
    {
      bodyLimit,
      config: { permission: 'catalog.descriptor.update' },
      schema: {
        operationId: 'SaveDescriptor',
        tags,
        summary: 'Write a descriptor file of a file source',
        description:
          'Refused when the file is not what was opened (409), cannot be written (403), or the text has errors and withErrors is not given.',
        body: SaveDescriptorBody,
        response: { 200: SaveDescriptorResponse },
      },
    },
    async (request) => {
      const { document, ...wanted } = request.body;
      const actor = tools.access.principalOf(request).ref;
      return descriptors.save(await fileOf(request, document, 'catalog.descriptor.update'), wanted, actor);
    },
  );
}

/** Routes about the files that describe entities. */
export function registerDescriptor(http: Routes, tools: RouteTools): void {
  registerReading(http, tools);
  registerEditing(http, tools);
}
