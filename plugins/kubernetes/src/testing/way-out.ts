import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Raw } from '../model.ts';

type Sent = { method?: string; headers?: Record<string, string>; body?: string };

/** Calls a real server, as a portal does for a plugin, with its errors in the portal's words. */
function open(url: string, sent: Sent, signal?: AbortSignal) {
  const { tls, timeoutMs } = sent as Raw;
  const made = url.startsWith('https:') ? secureRequest : plainRequest;
  const limit = AbortSignal.timeout(timeoutMs ?? 30_000);
  return new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const request = made(
      url,
      {
        method: sent.method ?? 'GET',
        headers: sent.headers,
        agent: false,
        ca: tls?.ca,
        rejectUnauthorized: tls?.insecure !== true,
        ...(signal && { signal }),
      },
      resolve,
    );
    limit.addEventListener('abort', () => request.destroy(new Error('no answer in time')));
    request.on('error', (error) =>
      reject(
        Object.assign(new Error(`${url.split('?')[0]} cannot be reached: ${error.message}`), {
          code: 'OUTBOUND_UNREACHABLE',
        }),
      ),
    );
    request.end(sent.body);
  });
}

const headersOf = (answer: import('node:http').IncomingMessage) =>
  Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key, String(value)]));

export const wayOut = {
  async fetch(url: string, sent: Sent) {
    const answer = await open(url, sent);
    answer.setEncoding('utf8');
    let body = '';
    try {
      for await (const piece of answer) body += piece;
    } catch {
      throw Object.assign(new Error(`${url.split('?')[0]} broke off`), { code: 'OUTBOUND_UNREACHABLE' });
    }
    return { status: answer.statusCode, headers: headersOf(answer), body };
  },
  async stream(url: string, sent: Sent, signal: AbortSignal) {
    const answer = await open(url, sent, signal);
    answer.setEncoding('utf8');
    return { status: answer.statusCode, headers: headersOf(answer), pieces: answer as AsyncIterable<string> };
  },
};
