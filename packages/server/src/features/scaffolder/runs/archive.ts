import { chmod, lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { inBatches } from '../files/batches.ts';

type Entry = { path: string; kind: 'folder' | 'file' | 'link'; mode: number; size: number };

const compress = promisify(gzip);
const expand = promisify(gunzip);

async function entriesBelow(directory: string, below = ''): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const item of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = below === '' ? item.name : `${below}/${item.name}`;
    const info = await lstat(join(directory, path));
    if (item.isDirectory())
      found.push({ path, kind: 'folder', mode: 0, size: 0 }, ...(await entriesBelow(directory, path)));
    else if (item.isSymbolicLink()) found.push({ path, kind: 'link', mode: 0, size: 0 });
    else if (item.isFile()) found.push({ path, kind: 'file', mode: info.mode & 0o777, size: info.size });
  }
  return found;
}

/**
 * Packs a folder with everything in it, repositories included: a list of entries, then their bytes, compressed.
 *
 * @returns undefined when it holds more than `mostBytes`
 */
export async function pack(directory: string, mostBytes: number): Promise<Buffer | undefined> {
  const entries = await entriesBelow(directory);
  if (entries.reduce((total, { size }) => total + size, 0) > mostBytes) return undefined;
  const bodies = await inBatches(entries, async ({ path, kind }) => {
    if (kind === 'folder') return Buffer.alloc(0);
    return kind === 'link' ? Buffer.from(await readlink(join(directory, path))) : readFile(join(directory, path));
  });
  const list = JSON.stringify(entries.map((entry, index) => ({ ...entry, size: bodies[index]!.length })));
  return compress(Buffer.concat([Buffer.from(`${list}\n`), ...bodies]), { level: 1 });
}

/** Unpacks into a folder that is empty. */
export async function unpack(packed: Buffer, directory: string): Promise<void> {
  const bytes = await expand(packed);
  const end = bytes.indexOf('\n');
  const entries = JSON.parse(bytes.subarray(0, end).toString('utf8')) as Entry[];
  let offset = end + 1;
  const links: { path: string; target: string }[] = [];
  await mkdir(directory, { recursive: true });
  for (const { path, kind, mode, size } of entries) {
    const target = join(directory, path);
    const body = bytes.subarray(offset, (offset += size));
    if (kind === 'folder') await mkdir(target, { recursive: true });
    else if (kind === 'link') links.push({ path: target, target: body.toString('utf8') });
    else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, body);
      await chmod(target, mode);
    }
  }
  // Last, so that nothing is written through one.
  for (const { path, target } of links) await symlink(target, path);
}
