import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The most memory that a process has had, in MiB; where the system does not tell, what it has now. */
export function peakMemory(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  }
}

/** Asks /healthz again and again while something else goes on. */
export function watchHealth(url: string): { stop(): Promise<{ asked: number; failed: string[]; longestMs: number }> } {
  const state = { asked: 0, failed: [] as string[], longestMs: 0 };
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const started = performance.now();
      try {
        const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(20_000) });
        await response.arrayBuffer();
        if (response.status !== 200) state.failed.push(`status ${response.status}`);
      } catch (error) {
        state.failed.push(String(error));
      }
      state.asked += 1;
      state.longestMs = Math.max(state.longestMs, performance.now() - started);
      await new Promise((done) => setTimeout(done, 50));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return state;
    },
  };
}
