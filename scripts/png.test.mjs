import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readPng, writePng } from './png.mjs';

/** A PNG of RGB pixels whose lines use the filters given. */
function rgbPng(width, lines) {
  const part = (type, data) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(lines.length, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    part('IHDR', header),
    part('IDAT', deflateSync(Buffer.from(lines.flat()))),
    part('IEND', Buffer.alloc(0)),
  ]);
}

test('undoes every filter of a line', () => {
  const { width, height, colours } = readPng(
    rgbPng(2, [
      [0, 10, 20, 30, 40, 50, 60],
      [1, 1, 2, 3, 1, 2, 3],
      [2, 1, 1, 1, 1, 1, 1],
      [3, 2, 2, 2, 2, 2, 2],
      [4, 5, 5, 5, 5, 5, 5],
    ]),
  );
  expect([width, height]).toEqual([2, 5]);
  expect([...colours].map((colour) => colour.toString(16).padStart(6, '0'))).toEqual([
    '0a141e',
    '28323c',
    '010203',
    '020406',
    '020304',
    '030507',
    '030304',
    '050607',
    '080809',
    '0d0d0e',
  ]);
});

const indexes = (png) => {
  const at = png.indexOf('IDAT', 0, 'latin1');
  return [...inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))];
};

test('keeps every colour where there are few', () => {
  const png = writePng({ width: 2, height: 2, colours: [0xff0000, 0x00ff00, 0xff0000, 0xff0000] });
  const at = png.indexOf('PLTE', 0, 'latin1');
  expect([...png.subarray(at + 4, at + 10)]).toEqual([255, 0, 0, 0, 255, 0]);
  expect(indexes(png)).toEqual([0, 0, 1, 0, 0, 0]);
});

test('takes the nearest colour where there are too many', () => {
  const colours = Uint32Array.from({ length: 40_000 }, (_, at) => ((at % 200) << 16) | Math.floor(at / 200));
  const png = writePng({ width: 200, height: 200, colours });
  const at = png.indexOf('PLTE', 0, 'latin1');
  expect(png.readUInt32BE(at - 4)).toBe(768);
  const kept = indexes(png)[1];
  expect([...png.subarray(at + 4 + kept * 3, at + 7 + kept * 3)].every((value) => value <= 12)).toBe(true);
});
