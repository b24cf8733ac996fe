import type { LogLine } from '../store/tables.ts';
import type { Progress, RunWriter } from '../store/write.ts';

const mostLines = 20_000;
const longestLine = 64 * 1024;

/** What a run writes down, in order: lines are gathered for a moment, everything else goes at once and takes them along. */
export type Journal = {
  line(body: Record<string, unknown>, type?: LogLine['type']): void;
  write(progress: Progress): Promise<void>;
  /** the lines that are not written yet, for the last write of all */
  rest(): LogLine[];
  /** waits for what is being written */
  close(): Promise<void>;
};

/**
 * @param onCancel - called when a write has found that somebody wants the run to be cancelled
 * @param onLost - called when the run is another replica's
 */
export function createJournal(options: {
  writer: RunWriter;
  runId: string;
  holder: string;
  flushMs: number;
  onCancel(): void;
  onLost(error: unknown): void;
}): Journal {
  const { writer, runId, holder } = options;
  let lines: LogLine[] = [];
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  const take = () => {
    clearTimeout(timer);
    timer = undefined;
    return lines.splice(0);
  };
  const write = (progress: Progress) => {
    const log = [...take(), ...(progress.log ?? [])];
    const written = tail.then(async () => {
      if (await writer.advance(runId, holder, { ...progress, log }, Date.now())) options.onCancel();
    });
    tail = written.catch(options.onLost);
    return written;
  };
  return {
    line(body, type = 'log') {
      count += 1;
      if (count > mostLines) return;
      const text = String(body.message);
      const message =
        count === mostLines
          ? 'Too many lines: the rest is not kept.'
          : text.length > longestLine
            ? `${text.slice(0, longestLine)} … (cut)`
            : text;
      lines.push({ type, body: { ...body, message }, at: Date.now() });
      timer ??= setTimeout(() => void write({}).catch(() => undefined), options.flushMs).unref();
    },
    write,
    rest: take,
    close: async () => void (await tail),
  };
}
