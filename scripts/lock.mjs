/** A lock file for processes of one machine: it names its holder, so that a holder that died leaves nothing to clean up. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Who holds the lock: a process id, 0 for nobody (any more), undefined for a file that is being written. */
function holder(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid > 0) return isAlive(pid) ? pid : 0;
    return Date.now() - statSync(file).mtimeMs > 5000 ? 0 : undefined;
  } catch {
    return undefined;
  }
}

function tryToTake(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes a dead holder's file; renaming first lets only one of several waiting processes do it. */
function removeStale(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else was faster
  }
  if (holder(aside) === 0) rmSync(aside, { force: true });
  else renameSync(aside, file); // it was taken anew in between: give it back
}

/**
 * Does `work` while no other process does.
 *
 * @param file - the lock file
 * @param say - told once when another process is waited for
 * @param work - what must not run twice at once
 * @param limitMs - how long to wait for a holder that lives
 */
export async function withLock(file, say, work, limitMs = 10 * 60_000) {
  const deadline = Date.now() + limitMs;
  for (let told = false; !tryToTake(file); await pause(100)) {
    const pid = holder(file);
    if (pid === 0) removeStale(file);
    else if (pid && !told) {
      say(`callboard: waiting for process ${pid}, which is setting up this folder`);
      told = true;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${pid} has been setting up this folder for too long. If it does something else, remove ${file}.`,
      );
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
