import { startPortal } from '../support/portal.mjs';
import { pause } from '../support/http.mjs';
import { summary } from '../support/statistics.mjs';

/** From the start of `node` to the first 200 of /readyz, on new data each time. */
export async function readyWhenNew(database, sources, repeats) {
  const times = [];
  for (let run = 0; run < repeats; run += 1) {
    const store = await database.create();
    const portal = await startPortal({ sources, store });
    times.push(portal.readyMs);
    await portal.stop();
    await store.remove();
  }
  return summary(times);
}

/** Memory of the portal with the example company after it was left alone, and the most that it had. */
export async function exampleMemory(database, idleSeconds) {
  const store = await database.create();
  const portal = await startPortal({ store });
  await pause(idleSeconds * 1000);
  const usage = portal.usage();
  await portal.stop();
  await store.remove();
  return usage && { idleSeconds, residentMiB: usage.residentMiB, peakMiB: usage.peakMiB };
}
