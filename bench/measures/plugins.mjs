import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { pause } from '../support/http.mjs';
import { startPortal } from '../support/portal.mjs';
import { latencies, rounded, summary } from '../support/statistics.mjs';

const server = `import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({ setup: () => ({ routes: { echo: ({ query }) => { while (query.loop); return { body: query }; } } }) });`;

/** A tarball of two small files, as packers write it. */
function tarball(id) {
  const manifest = {
    manifest: 1,
    id,
    title: id,
    engine: '^1.0.0',
    server: 'server.js',
    contributes: { routes: [{ id: 'echo', title: 'Echo', method: 'GET', path: '/echo' }] },
  };
  const files = {
    'package.json': JSON.stringify({ name: id, version: '1.0.0', type: 'module', callboard: manifest }),
    'server.js': server,
  };
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const body = Buffer.from(text);
    const head = Buffer.alloc(512);
    head.write(`package/${path}`, 0);
    head.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('        0', 148);
    head.write('ustar\u000000', 257);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const json = async (url, options) => {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
};

async function install(portal, id) {
  const headers = { 'content-type': 'application/gzip' };
  const staged = `${portal.url}/api/admin/plugins/staged/upload`;
  const { sha256 } = await json(staged, { method: 'POST', headers, body: tarball(id) });
  const body = JSON.stringify({ sha256 });
  await json(`${portal.url}/api/admin/plugins`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
}

/** Private memory of the processes of plugins, in MiB; Linux only. */
function childMemory() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('core/plugins/child-process.mjs')) return [];
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
          (sum, [, text]) => sum + Number(text),
          0,
        );
        return [kilobytes / 1024];
      } catch {
        return [];
      }
    });
}

/** Start of the portal with and without 20 plugins, a call of a plugin beside the same request without one, the same request while a plugin loops, and the memory of an idle plugin. */
export async function measurePlugins(database, repeats, requests) {
  const store = await database.create();
  const start = async () => {
    const portal = await startPortal({ sources: [], store });
    await portal.stop();
    return portal.readyMs;
  };
  const measureStarts = async () => {
    const times = [];
    for (let run = 0; run < repeats; run += 1) times.push(await start());
    return summary(times);
  };
  const without = await measureStarts();
  const portal = await startPortal({ sources: [], store });
  for (let number = 1; number <= 20; number += 1) await install(portal, `plugin-${number}`);
  const time = async (path) => {
    const times = [];
    for (let request = 0; request < requests; request += 1) {
      const started = performance.now();
      await json(portal.url + path);
      times.push(performance.now() - started);
    }
    return latencies(times);
  };
  await time('/api/plugins/plugin-1/echo?a=1');
  const call = await time('/api/plugins/plugin-1/echo?a=1');
  const plain = await time('/api/access/me');
  // A plugin that never ends its work is one process among others: the portal's own requests must not feel it.
  const looping = Array.from({ length: 4 }, () =>
    fetch(`${portal.url}/api/plugins/plugin-2/echo?loop=1`).then(
      (answer) => answer.arrayBuffer(),
      () => undefined,
    ),
  );
  const beside = await time('/api/access/me');
  await Promise.all(looping);
  await pause(2000);
  const [idleMiB] = childMemory();
  const { metrics } = await json(`${portal.url}/api/admin/plugins/plugin-1`);
  await portal.stop();
  const with20 = await measureStarts();
  await store.remove();
  return {
    readyMs: { without, with20 },
    callMs: { plugin: call, plain, inPortalP50: metrics.p50Ms },
    besideLoopMs: { plain: beside, p99Ratio: rounded(beside.p99 / plain.p99) },
    idlePrivateMiB: idleMiB,
  };
}
