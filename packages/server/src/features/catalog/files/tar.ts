/** A file in an archive. */
export type TarFile = { path: string; bytes: Uint8Array };

const block = 512;
const decoder = new TextDecoder();
const text = (bytes: Uint8Array) => {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
};

/** A number in octal digits, or with its first bit set, in bytes. */
function numberIn(bytes: Uint8Array): number {
  if ((bytes[0]! & 0x80) === 0) return Number.parseInt(text(bytes).trim() || '0', 8);
  return bytes.reduce((sum, byte, index) => sum * 256 + (index === 0 ? byte & 0x7f : byte), 0);
}

/** The records of an extended header: `<length> <key>=<value>\n`. */
function records(bytes: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number.parseInt(decoder.decode(bytes.subarray(at, space < 0 ? at : space)), 10);
    if (!(length > 0)) break;
    const [key, ...value] = decoder.decode(bytes.subarray(space + 1, at + length - 1)).split('=');
    found.set(key!, value.join('='));
    at += length;
  }
  return found;
}

const isSum = (header: Uint8Array) =>
  header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0) ===
  numberIn(header.subarray(148, 156));

/**
 * Reads the files of a tar archive, as the POSIX and GNU formats write them. Links, devices and folders are left out.
 *
 * @throws Error when it is no such archive, or ends too early
 */
export function* readTar(archive: Uint8Array): Generator<TarFile> {
  let longName: string | undefined;
  let extended = new Map<string, string>();
  for (let at = 0; at + block <= archive.length;) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    if (!isSum(header)) throw new Error('it is no tar archive');
    const type = String.fromCharCode(header[156]!);
    const own = type === 'x' || type === 'g' ? undefined : extended.get('size');
    const size = own === undefined ? numberIn(header.subarray(124, 136)) : Number(own);
    const start = at + block;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > archive.length)
      throw new Error('it ends before its last file does');
    const bytes = archive.subarray(start, start + size);
    at = start + Math.ceil(size / block) * block;
    if (type === 'L') longName = text(bytes);
    else if (type === 'x') extended = records(bytes);
    else if (type !== 'g' && type !== 'K') {
      const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
      const short = text(header.subarray(0, 100));
      const path = extended.get('path') ?? longName ?? (prefix === '' ? short : `${prefix}/${short}`);
      longName = undefined;
      extended = new Map();
      if ((type === '0' || type === '\0' || type === '7') && !path.endsWith('/')) yield { path, bytes };
    }
  }
}
