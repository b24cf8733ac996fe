import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../core/http/index.ts';
import { permissionNamed } from '../policy/permissions.ts';
import type { Principal } from '../principal.ts';
import type { Audit } from './audit.ts';
import type { AuditResult } from './types.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `always`: reading this is itself put down; `never`: a question that is asked by POST */
    audit?: 'always' | 'never';
  }
  interface FastifyRequest {
    /** What a route has to say about what it did: what differs, or whom it was about. */
    auditDetail?: JsonObject;
    /** Who has come in by this request, by the session that it began. */
    auditEntered?: { actor: string; via: string };
    /** How it ended where the status does not say so: people are led to a page whatever came of it. */
    auditResult?: AuditResult;
  }
}

/** Checks, and what people set for their own view: nobody else is touched by them. */
const silent = new Set([
  'catalog.entity.validate',
  'catalog.location.analyze',
  'preferences.own',
  'scaffolder.template.dry-run',
]);
// A `code` opens a door once, as those of links do; where it was refused for another reason it still does.
const secretName = /pass(?:word|phrase)?|secret|token|credential|authorization|cookie|private|api[-_]?key|^code$/i;
const longest = { text: 300, keys: 40, depth: 4 };

/** What was sent, short and without secrets. */
export function withoutSecrets(value: unknown, depth = 0): JsonValue {
  if (typeof value === 'string')
    return value.length > longest.text ? `${value.slice(0, longest.text)}… (${value.length})` : value;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
  if (depth >= longest.depth) return '…';
  if (Array.isArray(value)) return value.slice(0, longest.keys).map((item) => withoutSecrets(item, depth + 1));
  if (!isJsonObject(value)) return null;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, longest.keys)
      .map(([key, item]) => [key, secretName.test(key) ? '(secret)' : withoutSecrets(item, depth + 1)]),
  );
}

const isReading = (method: string) => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Whether a route changes something, by its method and permission. */
export function changes(method: string, permission: string): boolean {
  if (isReading(method) || silent.has(permission)) return false;
  // Nobody needs a permission to come in or to leave.
  if (permission === 'none') return true;
  // Many questions are asked by POST; what a plugin does with one, only the plugin knows.
  return permissionNamed(permission)?.action !== 'read' || permission === 'plugins.use';
}

/** `SignIn` as `sign-in`. */
const wordOf = (operation: string) => operation.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const viaOf = ({ via }: Principal) => (via.id === undefined ? via.type : `${via.type}:${via.id}`);

/**
 * Puts down every change, every refusal and every use of a token, for every route there is: no route has to think of it. Add it before any
 * route.
 */
export function auditRoutes(
  http: HttpServer,
  audit: Pick<Audit, 'record'>,
  principalOf: (request: FastifyRequest) => Principal,
): void {
  const tokens = new Set<string>();
  http.addHook('onResponse', async (request, reply) => {
    const { config, schema, url } = request.routeOptions;
    const permission = config?.permission;
    if (permission === undefined || config?.audit === 'never') return;
    let principal: Principal | undefined;
    try {
      principal = principalOf(request);
    } catch {
      principal = undefined;
    }
    const status = reply.statusCode;
    const refused = status === 401 || status === 403;
    const isOpen = permission === 'none';
    const { operationId } = (schema ?? {}) as { operationId?: string };
    const entry = {
      actor: principal?.ref ?? '',
      via: principal ? viaOf(principal) : '',
      ...request.auditEntered,
      address: request.ip,
      operation: operationId ?? `${request.method} ${url ?? ''}`,
      request: request.id,
      status,
    };
    if (principal?.via.type === 'token') {
      const use = `${principal.via.id} ${request.ip} ${new Date().toISOString().slice(0, 10)}`;
      if (!tokens.has(use)) {
        if (tokens.size > 50_000) tokens.clear();
        tokens.add(use);
        audit.record({ ...entry, action: 'token.used', subject: principal.via.id ?? '', result: 'done' });
      }
    }
    const isChange = changes(request.method, permission);
    // Who is not known is refused before anything: that alone would fill the audit.
    // Nor is it told that somebody may keep no settings: every page of theirs asks for these.
    const isTold = refused && principal && permission !== 'preferences.own';
    if (!isChange && config?.audit !== 'always' && !isTold) return;
    if (status === 401 && !principal && !isOpen) return;
    const sent = isChange ? withoutSecrets(request.body) : null;
    const detail = {
      ...(isJsonObject(sent) && Object.keys(sent).length > 0 && { sent }),
      ...request.auditDetail,
    };
    audit.record({
      ...entry,
      action: isOpen ? wordOf(operationId ?? request.method) : permission,
      // What stands in an address after the question mark may be anything.
      subject: request.url.split('?', 1)[0]!.slice(0, 500),
      result: request.auditResult ?? (refused ? 'refused' : status >= 400 ? 'failed' : 'done'),
      ...(Object.keys(detail).length > 0 && { detail }),
    });
  });
}
