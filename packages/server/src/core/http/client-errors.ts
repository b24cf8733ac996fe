import type { Socket } from 'node:net';
import { errorEnvelope } from './envelope.ts';
import { httpErrors } from './errors.ts';
import { limits } from './limits.ts';

function describe({ code, message }: Error & { code?: string }) {
  if (code === 'HPE_HEADER_OVERFLOW') return httpErrors.headersTooLarge({ limit: limits.headers });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpErrors.requestTimeout();
  return httpErrors.malformedRequest({ reason: message });
}

/** Answers bytes that never became a request, in the one error shape, and closes the connection. */
export function answerClientError(error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const shown = describe(error);
  const body = JSON.stringify(errorEnvelope(shown, { method: '', url: '' }));
  const { rawPacket } = error;
  const isHead = Buffer.isBuffer(rawPacket) && rawPacket.subarray(0, 5).toString() === 'HEAD ';
  const words: Record<number, string> = { 408: 'Request Timeout', 431: 'Request Header Fields Too Large' };
  socket.end(
    `HTTP/1.1 ${shown.status} ${words[shown.status] ?? 'Bad Request'}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${isHead ? '' : body}`,
  );
}
