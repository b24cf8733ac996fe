import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeFolder, root } from '../support/portal.mjs';

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

/** Dry runs of templates with few and with many files, in milliseconds; the first of each process starts its renderer as well. */
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
    return result;
  } finally {
    removeFolder(folder);
  }
}
