import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
