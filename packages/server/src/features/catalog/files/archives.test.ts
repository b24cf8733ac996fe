import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putFiles } from '../../../testing/portal.ts';
import { createArchives, isArchive } from './archives.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-archives-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A tar archive as tar writes none: with any path and type. */
function tarOf(entries: { path: string; type?: string; content?: string; size?: number }[]): Buffer {
  const parts = entries.flatMap(({ path, type = '0', content = '', size = content.length }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(size.toString(8).padStart(11, '0'), 124);
    header.write(' '.repeat(8), 148);
    header.write(type, 156);
    header.write('ustar', 257);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const signal = new AbortController().signal;
const opened = async (name: string, packed: Uint8Array) => {
  const archives = createArchives(join(folder, 'kept'));
  return archives.open(name, await archives.unpack(name, packed), signal);
};
const pathsIn = async (tree: Awaited<ReturnType<typeof opened>>) => (await tree.list('')).files.map(({ path }) => path);

test('reads what tar writes, in each of its formats', async () => {
  const long = `${'folder/'.repeat(20)}${'n'.repeat(120)}.md`;
  await putFiles(folder, { 'in/site/index.html': '<h1>Hi</h1>', [`in/site/${long}`]: '# Long\n', 'in/site/empty': '' });
  await symlink('/etc/hostname', join(folder, 'in/site/link'));
  for (const format of ['gnu', 'pax']) {
    const file = join(folder, `${format}.tgz`);
    execFileSync('tar', ['-czf', file, `--format=${format}`, '-C', join(folder, 'in'), './site']);
    const tree = await opened(file, await readFile(file));
    expect(await pathsIn(tree)).toEqual(['empty', long, 'index.html']);
    expect(new TextDecoder().decode(await tree.read(long))).toBe('# Long\n');
    expect(tree.name).toBe(file);
    expect(await tree.versions()).toEqual([]);
  }
});

test('writes nothing outside its folder, and no links', async () => {
  const tree = await opened(
    'strange.tar',
    tarOf([
      { path: '../out.txt', content: 'out' },
      { path: '/absolute.txt', content: 'inside' },
      { path: 'a/../../b.txt', content: 'out' },
      { path: 'link', type: '2' },
      { path: 'hard', type: '1' },
      { path: 'device', type: '3' },
      { path: 'in.txt', content: 'in' },
    ]),
  );
  expect(await pathsIn(tree)).toEqual(['absolute.txt', 'in.txt']);
  expect((await readdir(join(folder, 'kept'))).toSorted()).not.toContain('out.txt');
  expect(await tree.read('../../../strange.tar')).toBeUndefined();
});

test.each([
  ['no archive', Buffer.from('x'.repeat(2000)), 'it is no tar archive'],
  ['one that ends early', tarOf([{ path: 'a', content: 'x', size: 100_000 }]), 'it ends before its last file does'],
  ['a broken gzip', gzipSync('x').subarray(0, 12), 'unexpected end of file'],
  [
    'a file where a folder is',
    tarOf([
      { path: 'a', content: 'x' },
      { path: 'a/b', content: 'x' },
    ]),
    'its files cannot be written',
  ],
])('says what is wrong with %s', async (name, packed, reason) => {
  await expect(opened(name, packed)).rejects.toMatchObject({
    code: 'CATALOG_SOURCE_UNREADABLE',
    message: expect.stringContaining(`the archive cannot be unpacked: ${reason}`),
  });
});

test('keeps a content once, and the newest two', async () => {
  const archives = createArchives(join(folder, 'newest'));
  const places: string[] = [];
  for (const content of ['one', 'two', 'two', 'three'])
    places.push(await archives.unpack('same.tar', tarOf([{ path: 'a.txt', content }])));
  expect(places[1]).toBe(places[2]);
  const [own] = await readdir(join(folder, 'newest'));
  expect(await readdir(join(folder, 'newest', own!))).toHaveLength(2);
  const tree = await archives.open('same.tar', places[3]!, signal);
  expect(new TextDecoder().decode(await tree.read('a.txt'))).toBe('three');
});

test('knows an archive by its name', () => {
  expect(['a.tar', 'b/c.tar.gz', 'https://x.example/d.TGZ?raw=1'].every(isArchive)).toBe(true);
  expect(['tar', 'a.tar.gz/docs', 'https://x.example/tree/main/docs'].some(isArchive)).toBe(false);
});
