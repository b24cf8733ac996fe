import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Sends a JSON array inside a text, piece by piece, no faster than the client reads. The first piece is made before anything is sent, so
 * that a failure there is still answered as one.
 *
 * @param before - what stands before the items, such as `{"items":[`
 * @param pieces - the items, as JSON text
 * @param after - what stands behind them, asked for when they are through
 */
export async function sendItems(
  reply: { type(type: string): unknown },
  before: string,
  pieces: AsyncGenerator<string[]>,
  after: () => string,
): Promise<FastifyReply> {
  const plain = (reply as unknown as FastifyReply).type('application/json; charset=utf-8');
  const first = await pieces.next();
  const second = first.done ? first : await pieces.next();
  const start = before + (first.done ? '' : first.value.join(','));
  // What fits into one piece is sent as a whole, with its length and entity tag.
  if (second.done) return plain.send(start + after());
  async function* text() {
    try {
      yield start;
      let separator = start.length > before.length ? ',' : '';
      for (let piece = second; !piece.done; piece = await pieces.next()) {
        if (piece.value.length === 0) continue;
        yield separator + piece.value.join(',');
        separator = ',';
      }
      yield after();
    } finally {
      // A client that left needs no further pieces.
      await pieces.return(undefined);
    }
  }
  return plain.send(Readable.from(text(), { objectMode: false, encoding: 'utf8' }));
}
