import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import { AuditDelivery, AuditExportQuery, AuditQuery, AuditResponse, AuditVerification } from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { FastifyReply } from 'fastify';
import type { HttpServer } from '../../../core/http/index.ts';
import { syslogLine } from '../formats/syslog/lines.ts';
import type { Audit } from './audit.ts';
import type { AuditDeliveryTools } from './delivery.ts';
import { auditErrors } from './errors.ts';
import type { AuditEntry, AuditFilter } from './types.ts';

const base = '/api/access/audit';
const tags = ['access'];
const config = { permission: 'access.audit.read', audit: 'always' as const };

const shown = ({ at, ...entry }: AuditEntry) => ({ ...entry, at: new Date(at).toISOString() });
const forms = {
  jsonl: {
    type: 'application/x-ndjson',
    file: 'audit.jsonl',
    line: (entry: AuditEntry) => JSON.stringify(shown(entry)),
  },
  syslog: { type: 'text/plain', file: 'audit.log', line: (entry: AuditEntry) => syslogLine(entry, hostname()) },
};

function filterOf({ actor, action, subject, result, text, from, to }: AuditQuery | AuditExportQuery): AuditFilter {
  const filter = {
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(subject !== undefined && { subject }),
    ...(result !== undefined && { result }),
    ...(text !== undefined && { text }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
  if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to)
    throw auditErrors.timesSwapped();
  return filter;
}

/** The routes of the audit. Whoever looks into it stands in it, too. */
export function registerAudit(http: HttpServer, audit: Audit, delivery: AuditDeliveryTools): void {
  http.get(
    base,
    {
      config,
      schema: {
        operationId: 'GetAudit',
        tags,
        summary: 'Who did what, when, from where, and how it ended; the newest first',
        querystring: AuditQuery,
        response: { 200: AuditResponse },
      },
    },
    async (request) => {
      const { limit = 100, before } = request.query;
      const filter = filterOf(request.query);
      await audit.flush();
      const found = await audit.store().page(filter, { limit: limit + 1, ...(before !== undefined && { before }) });
      const items = found.slice(0, limit).map(shown);
      return { items, ...(found.length > limit && { next: items.at(-1)!.id }) };
    },
  );
  http.get(
    `${base}/export`,
    {
      config,
      schema: {
        operationId: 'ExportAudit',
        tags,
        summary: 'The audit as JSON lines or as messages of syslog, the oldest entry first',
        querystring: AuditExportQuery,
        response: { 200: Type.String({ description: 'One entry in each line.' }) },
      },
    },
    async (request, reply) => {
      const { format = 'jsonl', after } = request.query;
      const filter = filterOf(request.query);
      await audit.flush();
      const { type, file, line } = forms[format];
      const lines = async function* () {
        for await (const entries of audit.store().all(filter, after))
          yield entries.map((entry) => `${line(entry)}\n`).join('');
      };
      return (reply as unknown as FastifyReply)
        .type(`${type}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${file}"`)
        .send(Readable.from(lines(), { objectMode: false, encoding: 'utf8' }));
    },
  );
  http.get(
    `${base}/delivery`,
    {
      config: { permission: config.permission },
      schema: {
        operationId: 'GetAuditDelivery',
        tags,
        summary: 'Where the audit is sent, how far it is, and what is wrong',
        response: { 200: AuditDelivery },
      },
    },
    () => delivery.state(),
  );
  http.get(
    `${base}/verify`,
    {
      config,
      schema: {
        operationId: 'VerifyAudit',
        tags,
        summary: 'Whether the audit is what was written: each entry is bound to the one before it',
        response: { 200: AuditVerification },
      },
    },
    async () => {
      await audit.flush();
      return audit.store().verify();
    },
  );
}
