import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startPortal } from '../e2e/support/portal.ts';
import { codeBlocks } from './markdown.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

test('the program of the API guide prints what the guide says', { timeout: 60_000 }, async () => {
  const blocks = codeBlocks(readFileSync(join(root, 'docs/guide/api.md'), 'utf8'));
  const at = blocks.findIndex(({ language }) => language === 'js');
  const [program, output] = blocks.slice(at, at + 2);
  const portal = await startPortal({ args: [join(root, 'examples/company')] });
  try {
    await expect
      .poll(() => portal.output(), { timeout: 30_000, message: 'the first reading ends' })
      .toMatch(/^Read \d+ entities/m);
    const code = program.text.replaceAll('http://localhost:7007', portal.url);
    expect(code).not.toBe(program.text);
    // The client is a tool of the server's tests: its packages are found from there.
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: join(root, 'packages/server'),
    });
    expect(stdout.trim()).toBe(output.text);
  } finally {
    await portal.stop();
  }
});
