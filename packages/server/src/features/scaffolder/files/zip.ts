import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

export type ZipFile = { path: string; mode: number; read(): Promise<Buffer> };

const compress = promisify(deflateRaw);
/** Names are UTF-8; made on Unix, so that modes count; the first day that the format knows. */
const utf8 = 0x0800;
const unix = 0x0314;
const day = 0x0021;

/** Writes a ZIP archive file by file (PKWARE APPNOTE 6.3, without ZIP64). */
export async function* zip(files: readonly ZipFile[]): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, mode, read } of files) {
    const content = await read();
    const packed = await compress(content);
    const name = Buffer.from(path);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(utf8, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt16LE(0, 6);
    fields.writeUInt16LE(day, 8);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((0o100000 | mode) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const made = Buffer.alloc(2);
    made.writeUInt16LE(unix);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, fields, tail, name]));
    offset += local.length;
    yield local;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  yield Buffer.concat([list, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
