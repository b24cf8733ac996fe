import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locationFromArgument } from './start-targets.ts';

describe('addresses', () => {
  test.each([
    ['https://git.example.com/team/service', 'git'],
    ['https://git.example.com/team/service.git', 'git'],
    ['ssh://git@git.example.com/team/service.git', 'git'],
    ['git@git.example.com:team/service.git', 'git'],
    ['https://files.example.com/all.yaml', 'url'],
    ['https://files.example.com/all.YML?ref=main', 'url'],
    ['http://files.example.com/all.json', 'url'],
  ])('%s is read as %s', (argument, type) => {
    expect(locationFromArgument(argument)).toEqual({ type, target: argument });
  });
});

describe('paths', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'callboard-targets-'));
    for (const folder of ['service', 'bare.git/objects', 'bare.git/refs', 'clone/.git'])
      mkdirSync(join(directory, folder), { recursive: true });
    writeFileSync(join(directory, 'bare.git/HEAD'), 'ref: refs/heads/main\n');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each([
    ['service', 'file'],
    ['clone', 'file'],
    ['bare.git', 'git'],
    ['*/catalog-info.yaml', 'file'],
  ])('%s is read as %s', (path, type) => {
    expect(locationFromArgument(join(directory, path))).toEqual({ type, target: join(directory, path) });
  });

  test('a path starts at the working directory', () => {
    expect(locationFromArgument('services')).toEqual({ type: 'file', target: resolve('services') });
  });

  test('a file address is a path', () => {
    const address = (path: string) => pathToFileURL(join(directory, path)).href;
    expect(locationFromArgument(address('service'))).toEqual({ type: 'file', target: join(directory, 'service') });
    expect(locationFromArgument(address('bare.git'))).toEqual({ type: 'git', target: join(directory, 'bare.git') });
  });
});
