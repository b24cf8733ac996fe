/**
 * `npm run dev -- [arguments of callboard start]`: the portal, started anew when a source of the server changes, and Vite's development server for
 * the web app in front of it. Ctrl-C ends both; when one ends, so does the other.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './npm.mjs';

const start = (...args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });

const children = [
  start(
    '--watch',
    '--watch-preserve-output',
    join(root, 'packages/cli/bin/callboard.js'),
    'start',
    ...process.argv.slice(2),
  ),
  start(join(root, 'node_modules/vite/bin/vite.js'), 'packages/web', '--clearScreen', 'false'),
];

const stopAll = () => children.forEach((child) => child.kill());
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopAll);
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ||= code ?? 0;
    stopAll();
  });
}
