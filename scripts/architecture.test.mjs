import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './npm.mjs';

const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const folders = (path) =>
  readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const line = (start) => text.split('\n').find((each) => each.includes(start)) ?? '';

test.each(['core', 'features'])('ARCHITECTURE.md names every room of the server: %s', (rooms) => {
  const named = line(`src/${rooms}/ `).split(':')[0].split(/\s+/);
  expect(folders(`packages/server/src/${rooms}`).filter((room) => !named.includes(room))).toEqual([]);
});

test('ARCHITECTURE.md has a reason for every dependency', () => {
  const manifests = ['package.json', ...folders('packages').map((name) => `packages/${name}/package.json`)];
  const used = manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    return Object.keys({ ...dependencies, ...devDependencies });
  });
  const named = text
    .split('\n')
    .flatMap((row) => (row.startsWith('| ') ? (row.split('|')[2]?.split(/[\s,]+/) ?? []) : []));
  const isNamed = (name) =>
    named.some((each) => each === name || (each.endsWith('/*') && name.startsWith(each.slice(0, -1))));
  const own = /^(@callboard|@types)\//;
  expect(used.filter((name) => !own.test(name) && !isNamed(name))).toEqual([]);
});
