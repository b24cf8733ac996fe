import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** When this process started: the same number in a container is a new process after each restart. */
const startedAt = Math.round(performance.timeOrigin);

/** A name for who runs jobs, from which another process of the same machine can tell whether it still exists. */
export const nameHolder = (): string => [hostname(), process.pid, startedAt, randomUUID()].join('/');

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether a holder was a process of this machine that has ended. Of other machines only the end of their leases tells. */
export function isGone(holder: string): boolean {
  const [host, pid, started] = holder.split('/');
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  return Number(pid) === process.pid ? Number(started) !== startedAt : !isRunning(Number(pid));
}
