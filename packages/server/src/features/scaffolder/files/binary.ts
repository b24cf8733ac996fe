const scanned = 512;
const reserve = 3;

const startsWith = (bytes: Uint8Array, ...prefix: number[]) =>
  bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);

const isContinuation = (byte: number | undefined) => byte !== undefined && byte >= 0x80 && byte <= 0xbf;

/** How many bytes after the lead a well-formed sequence has; 0 when the byte leads nothing. */
const following = (lead: number) =>
  lead >= 0xc0 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf7 ? 3 : 0;

const isPlain = (byte: number) => (byte >= 7 && byte <= 14) || (byte >= 32 && byte <= 127);

/** Whether the bytes read as messages of the wire format that protocol buffers use, up to where they are cut off. */
function isWireFormat(bytes: Uint8Array, size: number): boolean {
  let at = 0;
  let isCut = false;
  const byte = () => {
    if (at < size && !isCut) return bytes[at++] as number;
    isCut = true;
    return 0xff;
  };
  const number = () => {
    let value = 0;
    for (let index = 0; !isCut; index += 1) {
      const next = byte();
      value |= (next & 0x7f) << (7 * index);
      if ((next & 0x80) === 0) break;
      if (index >= 10) isCut = true;
    }
    return value;
  };
  const skip = (count: number) => {
    for (let index = 0; index < count && !isCut; index += 1) byte();
  };
  for (let messages = 0; ; messages += 1) {
    const wire = number() & 7;
    if (wire === 0) number();
    else if (wire === 1) skip(8);
    else if (wire === 2) skip(number());
    else if (wire === 5) skip(4);
    else if (!isCut) return false;
    if (isCut) return messages > 0;
  }
}

/**
 * Whether a file is copied as it is instead of being rendered. The same verdict as the scaffolder that templates were written for, because
 * it decides which bytes come out: byte order marks are text, a NUL byte is not, and of the first 512 bytes a tenth may be strange.
 */
export function isBinary(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const marks = [
    [0xef, 0xbb, 0xbf],
    [0, 0, 0xfe, 0xff],
    [0xff, 0xfe, 0, 0],
    [0x84, 0x31, 0x95, 0x33],
  ];
  if (marks.some((mark) => startsWith(bytes, ...mark))) return false;
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d)) return true;
  if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) return false;
  const total = Math.min(bytes.length, scanned + reserve);
  const scan = Math.min(total, scanned);
  let strange = 0;
  for (let at = 0; at < scan; at += 1) {
    const byte = bytes[at] as number;
    if (byte === 0) return true;
    if (isPlain(byte)) continue;
    const count = following(byte);
    if (count > 0 && at + count < total) {
      at += 1;
      if (Array.from({ length: count }, (_, index) => bytes[at + index]).every(isContinuation)) {
        at += count - 1;
        continue;
      }
    }
    strange += 1;
    if (at >= 32 && (strange * 100) / scan > 10) return true;
  }
  return (strange * 100) / scan > 10 || (strange > 1 && isWireFormat(bytes, scan));
}
