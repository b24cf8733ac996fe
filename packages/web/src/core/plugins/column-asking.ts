/** Rows come into being few at a time: their cells are asked for together, and not at all where they have gone by then. */
const gatherFor = 120;
/** As many as the portal takes in one call. */
const atMost = 100;

type Waiting<Value> = {
  ref: string;
  signal: AbortSignal;
  resolve: (value: Value) => void;
  reject: (error: unknown) => void;
};

/**
 * Gathers questions for single cells into calls for many. Each column is asked on its own, so that a slow plugin holds up no other.
 *
 * @param send - asks for the cells of one column, `plugin:column`, for some entities
 */
export function createColumnAsking<Value>(
  send: (column: string, entities: string[]) => Promise<(ref: string) => Value>,
): (column: string, ref: string, signal: AbortSignal) => Promise<Value> {
  const waiting = new Map<string, Waiting<Value>[]>();

  async function sendBatch(column: string, refs: string[], asked: Waiting<Value>[]) {
    const meant = asked.filter(({ ref }) => refs.includes(ref));
    try {
      const valueOf = await send(column, refs);
      for (const { ref, resolve } of meant) resolve(valueOf(ref));
    } catch (error) {
      for (const { reject } of meant) reject(error);
    }
  }

  function flush(column: string) {
    const asked = (waiting.get(column) ?? []).filter(({ signal }) => !signal.aborted);
    waiting.delete(column);
    const refs = [...new Set(asked.map(({ ref }) => ref))];
    for (let start = 0; start < refs.length; start += atMost)
      void sendBatch(column, refs.slice(start, start + atMost), asked);
  }

  return (column, ref, signal) =>
    new Promise((resolve, reject) => {
      const others = waiting.get(column);
      if (!others) setTimeout(() => flush(column), gatherFor);
      waiting.set(column, [...(others ?? []), { ref: ref.toLowerCase(), signal, resolve, reject }]);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
}
