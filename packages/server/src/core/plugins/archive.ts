import { gunzipSync, gzipSync } from 'node:zlib';
import { pluginErrors } from './errors.ts';

/** How large a package may be, packed, unpacked and in files. */
export const archiveLimits = { packed: 20 * 1024 * 1024, unpacked: 100 * 1024 * 1024, files: 5000, path: 300 } as const;

const bad = (reason: string) => pluginErrors.packageInvalid({ reason });
const text = (bytes: Buffer) => {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
};

function numberOf(bytes: Buffer): number {
  // The base-256 form is for files larger than any that is taken here.
  if (bytes[0]! & 0x80) throw bad('a file in it is too large');
  const value = Number.parseInt(text(bytes).trim() || '0', 8);
  if (!Number.isSafeInteger(value) || value < 0) throw bad('it is damaged: a size cannot be read');
  return value;
}

/** A path below the package's folder, or an error for one that leads elsewhere. */
function safePath(path: string): string {
  const normal = path.replaceAll('\\', '/').replace(/^\.\//, '');
  const parts = normal.split('/').filter((part) => part !== '' && part !== '.');
  const isForeign = normal.startsWith('/') || /^[A-Za-z]:/.test(normal) || parts.includes('..');
  if (isForeign || normal.length > archiveLimits.path || Buffer.from(normal).some((byte) => byte < 32))
    throw bad(`the path '${path.slice(0, 100)}' leads out of the package or is too long`);
  return parts.join('/');
}

/** The fields of a pax header: lines `length key=value`. */
function paxFields(bytes: Buffer): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const line of bytes.toString('utf8').split('\n')) {
    const [, key, value] = /^\d+ ([^=]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined) fields[key] = value!;
  }
  return fields;
}

/**
 * Unpacks a gzipped tar (POSIX.1-1988 ustar, with the long names of pax and GNU) in memory.
 *
 * @param packed - as `npm pack` makes it
 * @returns contents by path, without the first folder
 * @throws AppError PLUGINS_PACKAGE_INVALID for links, devices, paths that lead out, and everything beyond the limits
 */
export function unpackArchive(packed: Uint8Array): Map<string, Buffer> {
  if (packed.length > archiveLimits.packed) throw bad(`it is larger than ${archiveLimits.packed} bytes`);
  let tar: Buffer;
  try {
    tar = gunzipSync(packed, { maxOutputLength: archiveLimits.unpacked });
  } catch (error) {
    const isLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw bad(isLarge ? `it is larger than ${archiveLimits.unpacked} bytes unpacked` : 'it is not gzipped');
  }
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length;) {
    const head = tar.subarray(at, at + 512);
    if (head.every((byte) => byte === 0)) break;
    const sum = head.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    if (sum !== numberOf(head.subarray(148, 156))) throw bad('it is damaged: a checksum is wrong');
    const size = numberOf(head.subarray(124, 136));
    const body = tar.subarray(at + 512, at + 512 + size);
    if (body.length < size) throw bad('it ends in the middle of a file');
    at += 512 + Math.ceil(size / 512) * 512;
    const type = String.fromCharCode(head[156]!);
    if (type === 'x' || type === 'g') {
      if (type === 'x') longName = paxFields(body)['path'] ?? longName;
      continue;
    }
    if (type === 'L') {
      longName = text(body);
      continue;
    }
    const prefix = text(head.subarray(257, 263)).startsWith('ustar') ? text(head.subarray(345, 500)) : '';
    const name = longName ?? (prefix ? `${prefix}/${text(head.subarray(0, 100))}` : text(head.subarray(0, 100)));
    longName = undefined;
    const path = safePath(name);
    if (type === '5') continue;
    if (type !== '0' && type !== '\0') throw bad(`'${path}' is a link or a device; only files may be in it`);
    const inside = path.split('/').slice(1).join('/');
    if (inside === '') throw bad(`'${path}' is in no folder; npm pack puts everything into package/`);
    if (files.has(inside)) throw bad(`'${inside}' is in it twice`);
    if (files.size >= archiveLimits.files) throw bad(`it has more than ${archiveLimits.files} files`);
    files.set(inside, Buffer.from(body));
  }
  return files;
}

/**
 * Packs files as `npm pack` does: gzipped ustar below package/, the same bytes for the same files.
 *
 * @param files - contents by path
 */
export function packArchive(files: Map<string, Uint8Array>): Buffer {
  const blocks: Buffer[] = [];
  for (const [path, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const body = Buffer.from(content);
    const head = Buffer.alloc(512);
    const whole = `package/${path}`;
    const cut = Buffer.byteLength(whole) <= 100 ? -1 : whole.indexOf('/', Math.max(0, whole.length - 101));
    const [prefix, name] = cut === -1 ? ['', whole] : [whole.slice(0, cut), whole.slice(cut + 1)];
    if (Buffer.byteLength(name) > 100 || Buffer.byteLength(prefix) > 155)
      throw pluginErrors.packageInvalid({ reason: `the path '${path}' is too long` });
    head.write(name, 0);
    head.write('0000644\0', 100);
    head.write('0000000\0', 108);
    head.write('0000000\0', 116);
    head.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('00000000000\0', 136);
    head.write('        0', 148);
    head.write('ustar\u000000', 257);
    head.write(prefix, 345);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(head, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 9 });
}
