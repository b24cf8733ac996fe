import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';

const mebibytes = (bytes) => Math.round(bytes / 1024 / 1024);

/** The average number of busy processes over one, five and fifteen minutes: above the number of cores the machine is shared. */
export const load = () => loadavg().map((value) => Math.round(value * 100) / 100);

/** What the figures depend on. */
export function machineFacts(root) {
  let commit = 'unknown';
  try {
    commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    // an unpacked archive has no history
  }
  return {
    commit,
    node: process.version,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: mebibytes(totalmem()),
  };
}

/** Memory and processor time of a process, from Linux' /proc; undefined elsewhere. */
export function processUsage(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      residentMiB: Math.round(kibibytes('VmRSS') / 1024),
      peakMiB: Math.round(kibibytes('VmHWM') / 1024),
      // Linux counts in hundredths of a second on all machines that we know.
      processorSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    };
  } catch {
    return undefined;
  }
}

const numberIn = (text, pattern) => Number(pattern.exec(text)?.[1] ?? 0);

/** A process and all that it started, by Linux' /proc. */
function treeOf(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  });
  return [pid, ...children.flatMap(treeOf)];
}

/** Memory and processor time of a process with all that it started: shared pages count once, and processes that have ended count. */
export function treeUsage(pid) {
  const usage = { processes: 0, memoryMiB: 0, processorSeconds: 0 };
  for (const each of treeOf(pid))
    try {
      const stat = readFileSync(`/proc/${each}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      usage.processorSeconds += fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
      usage.memoryMiB += numberIn(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'), /^Pss:\s+(\d+) kB/m) / 1024;
      usage.processes += 1;
    } catch {
      // It has ended meanwhile.
    }
  return usage;
}
