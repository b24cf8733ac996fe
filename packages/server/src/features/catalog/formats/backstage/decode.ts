import { isUtf8 } from 'node:buffer';

/** Text of a descriptor file, or why it has none. */
export type DecodedText = { text: string; replaced?: { line: number; column: number } } | { binary: string };

const decoded = (encoding: string, bytes: Uint8Array) => new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);

const positionOf = (text: string, offset: number) => {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return { line, column: offset - lineStart + 1 };
};

/**
 * Reads the bytes of a descriptor: UTF-8, or UTF-16 with a byte order mark. Single bytes that are not UTF-8 are replaced and reported
 * with their place; a file full of them, or with zero bytes, is not text.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: decoded('utf-16le', bytes.subarray(2)) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: decoded('utf-16be', bytes.subarray(2)) };
  const content = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const zero = content.indexOf(0);
  if (zero !== -1) return { binary: `a zero byte at byte ${zero + 1}` };
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
  if (isUtf8(content)) return { text };
  const replaced = text.split('\uFFFD').length - 1;
  if (replaced * 20 > text.length) return { binary: `${replaced} bytes that are not UTF-8` };
  return { text, replaced: positionOf(text, text.indexOf('\uFFFD')) };
}
