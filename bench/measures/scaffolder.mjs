import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder, root, startPortal, temporaryFolder } from '../support/portal.mjs';

const run = promisify(execFile);
const fileSize = 4096;

/** A template whose skeleton has so many files of 4 kB, each with expressions, a loop and a condition. */
function writeTemplate(folder, files) {
  const skeleton = join(folder, 'skeleton');
  mkdirSync(skeleton, { recursive: true });
  const head =
    'name: ${{ values.name }}\n{% for tag in values.tags %}- ${{ tag | upper }}\n{% endfor %}{% if values.deep %}deep\n{% endif %}';
  const text = head + 'A line of a file that is like any other, with ${{ values.name }} in it.\n'.repeat(60);
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(skeleton, `\${{ values.name }}-${index}.txt`), text.slice(0, fileSize).padEnd(fileSize, '.'));
  writeFileSync(
    join(folder, 'template.yaml'),
    `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: measured }
spec:
  type: service
  steps:
    - id: files
      action: fetch:template
      input: { url: ./skeleton, values: { name: shop, tags: [a, b, c], deep: true } }
    - action: debug:log
      input: { message: Made }
`,
  );
}

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

/** Asks again and again how late an answer of the API is that costs nothing; `stop` gives the times in milliseconds. */
function watchStalls(url) {
  const waits = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const started = performance.now();
      await fetch(`${url}/healthz`).then((answer) => answer.text());
      waits.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return waits;
  };
}

/**
 * Runs of a template with 20 files and a line of log in a portal that runs: one after the other, from the request that begins a run to its
 * end as the portal wrote it down, and a hundred at once.
 */
async function measureRuns(folder, repeats) {
  const portal = await startPortal({
    sources: [join(folder, 'template.yaml')],
    store: { folder: temporaryFolder('scaffolder') },
  });
  const api = `${portal.url}/api/scaffolder/v2/tasks`;
  const post = async () => {
    const answer = await fetch(api, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ templateRef: 'template:default/measured', values: {} }),
    });
    if (answer.status !== 201) throw new Error(`A run was refused: ${await answer.text()}`);
    return (await answer.json()).id;
  };
  const ended = async (id) => {
    await fetch(`${api}/${id}/eventstream`).then((answer) => answer.text());
    const task = await (await fetch(`${api}/${id}`)).json();
    if (task.status !== 'completed') throw new Error(`The run ended as ${task.status}: ${JSON.stringify(task.error)}`);
    return Date.parse(task.endedAt) - Date.parse(task.createdAt);
  };
  try {
    for (let tries = 0; tries < 200; tries += 1) {
      const { items } = await (await fetch(api.replace('tasks', 'templates'))).json();
      if (items.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await ended(await post());
    const inside = [];
    const outside = [];
    for (let index = 0; index < repeats * 6; index += 1) {
      const started = performance.now();
      inside.push(await ended(await post()));
      outside.push(performance.now() - started);
    }
    const stop = watchStalls(portal.url);
    const started = performance.now();
    const ids = await Promise.all(Array.from({ length: 100 }, post));
    await Promise.all(ids.map(ended));
    const total = performance.now() - started;
    const waits = (await stop()).toSorted((one, other) => one - other);
    return {
      runMs: median(inside),
      runSeenMs: Math.round(median(outside)),
      hundredRunsMs: Math.round(total),
      hundredRunsWaitP99Ms: Math.round(waits[Math.floor(waits.length * 0.99)]),
      hundredRunsWaitMaxMs: Math.round(waits.at(-1)),
    };
  } finally {
    await portal.stop();
  }
}

/** Dry runs of templates with few and with many files, in milliseconds, and runs in a portal; the first of each process starts its renderer as well. */
export async function measureScaffolder(repeats) {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-bench-scaffolder-'));
  const command = join(root, 'packages/cli/bin/callboard.js');
  const result = {};
  try {
    for (const files of [20, 200]) {
      const template = join(folder, `files-${files}`);
      writeTemplate(template, files);
      const times = [];
      for (let index = 0; index < repeats; index += 1) {
        const args = [command, 'template', 'test', template, '--format', 'json'];
        const { stdout } = await run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 });
        const { milliseconds, files: made } = JSON.parse(stdout);
        if (made.length !== files) throw new Error(`${made.length} files were made instead of ${files}.`);
        times.push(milliseconds);
      }
      result[`files${files}Ms`] = Math.round(median(times));
    }
    return { ...result, ...(await measureRuns(join(folder, 'files-20'), repeats)) };
  } finally {
    removeFolder(folder);
  }
}
