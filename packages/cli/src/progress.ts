import type { Terminal } from './terminal.ts';

/**
 * Shows a line with the time that has passed while something takes long, to people only.
 *
 * @param describe - the text now; asked for again every half second
 * @param work - what takes long
 */
export async function withProgress<R>(
  terminal: Terminal,
  describe: () => string | Promise<string>,
  work: Promise<R>,
): Promise<R> {
  const { stderr } = terminal;
  if (!stderr.isTTY) return work;
  const started = performance.now();
  let shown = false;
  let finished = false;
  const show = async () => {
    const text = await describe();
    if (finished) return;
    const seconds = Math.floor((performance.now() - started) / 1000);
    stderr.write(`\r\u001b[2K${text}${seconds > 0 ? ` ${seconds} s` : ''}`);
    shown = true;
  };
  const timer = setInterval(() => void show().catch(() => undefined), 500);
  try {
    return await work;
  } finally {
    finished = true;
    clearInterval(timer);
    if (shown) stderr.write('\r\u001b[2K');
  }
}
