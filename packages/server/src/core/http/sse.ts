import type { FastifyReply } from 'fastify';

/** One message of an event stream. `data` that is no string is sent as JSON. */
export type SseMessage = { id?: string | number; event?: string; data: unknown };

/** An open event stream. */
export type SseStream = {
  /** What the client saw last before it reconnected. */
  readonly lastEventId: string | undefined;
  /** Aborts when the client leaves, the stream is closed or the portal stops. */
  readonly signal: AbortSignal;
  /** Sends one message; false when the stream is over. A client that stops reading is cut off, and may come back with Last-Event-ID. */
  send(message: SseMessage): boolean;
  /** Resolves when the client has taken what was sent, or the stream is over. */
  drained(): Promise<void>;
  close(): void;
};

const heartbeatMs = 15_000;
const bufferLimit = 1024 * 1024;

export type EventStreams = Set<SseStream>;

const field = (name: string, text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => `${name}: ${line}\n`)
    .join('');

const oneLine = (value: string | number) => String(value).replace(/[\r\n\0]/g, ' ');

/** The bytes of one message. */
export function formatSseMessage({ id, event, data }: SseMessage): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}${field('data', text)}\n`;
}

/**
 * Turns a reply into an event stream. The handler must not send anything else.
 *
 * @param reply - of the route's handler
 * @param options.signal - closes the stream when it aborts
 * @param options.retryMs - how long the browser waits before it reconnects
 */
export function sse(reply: FastifyReply, options: { signal?: AbortSignal; retryMs?: number } = {}): SseStream {
  const { raw } = reply;
  const open = (reply.server as unknown as { eventStreams: EventStreams }).eventStreams;
  const controller = new AbortController();
  const headers = reply.getHeaders();
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${options.retryMs ?? 2000}\n\n`);
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);

  const over = () => {
    if (controller.signal.aborted) return;
    clearInterval(heartbeat);
    open.delete(stream);
    options.signal?.removeEventListener('abort', close);
    controller.abort();
  };
  const close = () => {
    over();
    raw.end();
  };
  const header = reply.request.headers['last-event-id'];
  const stream: SseStream = {
    lastEventId: typeof header === 'string' && header !== '' ? header.slice(0, 200) : undefined,
    signal: controller.signal,
    send(message) {
      if (controller.signal.aborted) return false;
      raw.write(formatSseMessage(message));
      if (raw.writableLength <= bufferLimit) return true;
      over();
      raw.destroy();
      return false;
    },
    async drained() {
      if (controller.signal.aborted || !raw.writableNeedDrain) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          raw.off('drain', done);
          controller.signal.removeEventListener('abort', done);
          resolve();
        };
        raw.once('drain', done);
        controller.signal.addEventListener('abort', done);
      });
    },
    close,
  };
  open.add(stream);
  raw.on('close', over);
  raw.on('error', over);
  if (options.signal?.aborted) close();
  else options.signal?.addEventListener('abort', close);
  return stream;
}
