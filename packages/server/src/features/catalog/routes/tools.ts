import { RefError, parseEntityRef, stringifyEntityRef } from '@callboard/model';
import type { EntityPath } from '@callboard/model/http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../core/log/index.ts';
import type { Access } from '../../access/index.ts';
import type { CatalogActions, CatalogContext } from '../context.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import type { Reading } from '../store/reading.ts';
import { routeErrors } from './errors.ts';

/** The server as the routes see it: their schemas type the requests. */
export type Routes = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Logger, TypeBoxTypeProvider>;

/** What every route works with. */
export type RouteTools = {
  context: CatalogContext;
  reading: Reading;
  actions: CatalogActions;
  access: Access;
  /** The entities for which the asker has a permission, to read them when none is named; everything when undefined. */
  scopeOf(request: FastifyRequest, permission?: string): Promise<EntityPredicate | undefined>;
};

/** Where the catalog's routes are. */
export const base = '/api/catalog';

type AnyReply = { type(type: string): unknown };

/** Answers with JSON that is text already. */
export function sendJson(reply: AnyReply, json: string): FastifyReply {
  const plain = reply as unknown as FastifyReply;
  return plain.type('application/json; charset=utf-8').send(json);
}

/** Answers without a body. */
export const sendNothing = (reply: AnyReply, status: number): FastifyReply =>
  (reply as unknown as FastifyReply).code(status).send();

/** The canonical ref of the entity that a path names. */
export const refOfPath = ({ kind, namespace, name }: EntityPath): string =>
  stringifyEntityRef({ kind, namespace, name });

/** The refusal that Backstage's clients know, too. */
export const entityNotFound = (path: EntityPath) => routeErrors.entityNotFound(path);

/** Reads a full entity ref and brings it into canonical form. */
export function canonicalRef(text: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(text));
  } catch (cause) {
    if (cause instanceof RefError)
      throw routeErrors.entityRefInvalid({ reason: cause.message.slice(0, 300) }, { cause });
    throw cause;
  }
}

/** Lists that a client may write with commas or as repeated parameters. */
export const listOf = (texts: readonly string[] | undefined): string[] | undefined => {
  const all = (texts ?? []).flatMap((text) => text.split(',')).map((text) => text.trim());
  const given = all.filter(Boolean);
  return given.length > 0 ? given : undefined;
};
