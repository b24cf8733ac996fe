import type { AuditEntry, AuditResult } from '../../audit/types.ts';

/** `log audit` of RFC 5424, 6.2.1. */
const facility = 13;
/** informational, warning, notice */
const severities: Record<AuditResult, number> = { done: 6, refused: 4, failed: 5 };
/** The number that RFC 5612 keeps for whoever has none of their own. */
const enterprise = 32_473;

/** A value between quotes; what would end the value or the line is escaped or becomes a space. */
const value = (text: string | number): string =>
  `"${String(text)
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/["\\\]]/g, (found) => `\\${found}`)}"`;

/** A field of the header: printable ASCII without spaces, `-` when there is nothing to say. */
const field = (text: string, longest: number): string => text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, longest) || '-';

/**
 * An entry of the audit as one message of RFC 5424. What is known of it stands in structured data; the message itself is the difference in
 * JSON, where there is one.
 *
 * @param host - name of the machine
 */
export function syslogLine(entry: AuditEntry, host: string): string {
  const { id, at, actor, via, address, action, operation, subject, result, status, request, hash, detail } = entry;
  const parameters = { id, actor, via, address, action, operation, subject, result, status, request, hash };
  const data = Object.entries(parameters).map(([name, given]) => `${name}=${value(given)}`);
  return [
    `<${facility * 8 + severities[result]}>1`,
    new Date(at).toISOString(),
    field(host, 255),
    'callboard',
    '-',
    field(operation, 32),
    `[callboard@${enterprise} ${data.join(' ')}]`,
    ...(detail === undefined ? [] : [JSON.stringify(detail)]),
  ].join(' ');
}
