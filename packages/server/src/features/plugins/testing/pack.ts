import { gzipSync } from 'node:zlib';

/** A tarball as `npm pack` makes it, from texts by path below package/. `type` and `link` make entries that no honest one has. */
export function tarball(
  files: Record<string, string | Uint8Array>,
  odd: { path: string; type?: string; link?: string; text?: string }[] = [],
): Buffer {
  const blocks: Buffer[] = [];
  const add = (path: string, body: Buffer, type = '0', link = '') => {
    const head = Buffer.alloc(512);
    head.write(path, 0, 100);
    head.write('0000644\0', 100);
    head.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    head.write('        ', 148);
    head.write(type, 156);
    head.write(link, 157, 100);
    head.write('ustar\0', 257);
    head.write('00', 263);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    blocks.push(head, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  };
  for (const [path, content] of Object.entries(files)) add(`package/${path}`, Buffer.from(content as string));
  for (const { path, type, link, text } of odd) add(path, Buffer.from(text ?? ''), type, link);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A plugin with one server file; `callboard` is merged over a manifest that is right. */
export const pluginTarball = (
  server: string,
  callboard: { id?: string; [key: string]: unknown } = {},
  version = '1.0.0',
) =>
  tarball({
    'package.json': JSON.stringify({
      name: `callboard-plugin-${callboard.id ?? 'hello'}`,
      version,
      type: 'module',
      callboard: { manifest: 1, id: 'hello', title: 'Hello', engine: '^1.0.0', server: 'server.js', ...callboard },
    }),
    'server.js': server,
  });
