/** Makes screenshots small: at most 256 colours, which is what pages mostly have, and the strongest compression. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const paeth = (left, above, corner) => {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
};

/** Undoes the five filters that PNG has for a line. */
const unfilter = {
  0: (value) => value,
  1: (value, left) => value + left,
  2: (value, _left, above) => value + above,
  3: (value, left, above) => value + ((left + above) >> 1),
  4: (value, left, above, corner) => value + paeth(left, above, corner),
};

/** Reads a PNG of 8 bits a channel without interlacing, as browsers make them: `{ width, height, colours }`, one 24-bit number a pixel. */
export function readPng(bytes) {
  if (!bytes.subarray(0, 8).equals(signature)) throw new Error('not a PNG');
  const parts = [];
  let header;
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9]];
  if (header[8] !== 8 || channels === undefined || header[12] !== 0) throw new Error('not a PNG of 8 bits a channel');
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const colours = new Uint32Array(width * height);
  let before = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const undo = unfilter[raw[start]];
    const line = new Uint8Array(stride);
    for (let x = 0; x < stride; x += 1) {
      const left = x < channels ? 0 : line[x - channels];
      const corner = x < channels ? 0 : before[x - channels];
      line[x] = undo(raw[start + 1 + x], left, before[x], corner);
    }
    for (let x = 0; x < width; x += 1) {
      const at = x * channels;
      colours[y * width + x] = (line[at] << 16) | (line[at + 1] << 8) | line[at + 2];
    }
    before = line;
  }
  return { width, height, colours };
}

const distance = (one, other) => {
  const [red, green, blue] = [16, 8, 0].map((shift) => ((one >> shift) & 255) - ((other >> shift) & 255));
  return 2 * red * red + 4 * green * green + 3 * blue * blue;
};

/** The 256 colours to keep: the most frequent ones that differ from those already kept. */
function choosePalette(counts) {
  const byCount = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  if (byCount.length <= 256) return byCount;
  const palette = [];
  for (const apart of [48, 12, 0])
    for (const colour of byCount) {
      if (palette.length === 256) return palette;
      if (!palette.includes(colour) && palette.every((kept) => distance(kept, colour) > apart)) palette.push(colour);
    }
  return palette;
}

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
};

/** Writes a PNG with a palette; what has more than 256 colours gets the nearest that are kept. */
export function writePng({ width, height, colours }) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = choosePalette(counts);
  const index = new Map(palette.map((colour, at) => [colour, at]));
  for (const colour of counts.keys()) {
    if (index.has(colour)) continue;
    let nearest = 0;
    for (let at = 1; at < palette.length; at += 1)
      if (distance(palette[at], colour) < distance(palette[nearest], colour)) nearest = at;
    index.set(colour, nearest);
  }
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) lines[y * (width + 1) + 1 + x] = index.get(colours[y * width + x]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
