import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { certificate, key } from '../../testing/certificate.ts';
import { listen, testOutbound } from './testing.ts';

const secureServer = () =>
  listen(createServer({ key, cert: certificate }, (_request, response) => response.end('over TLS')));

describe('TLS', () => {
  it('refuses a certificate that nobody vouches for and says how to trust its authority', async () => {
    const port = await secureServer();
    await expect(testOutbound().request(`https://localhost:${port}/`)).rejects.toMatchObject({
      code: 'OUTBOUND_TLS',
      message: `localhost:${port} cannot be trusted: its certificate is signed by itself`,
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS=/path/to/authority.pem'),
    });
    await expect(testOutbound().request(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'OUTBOUND_TLS' });
  });

  it('works when the advice is followed', async () => {
    const port = await secureServer();
    const folder = await mkdtemp(join(tmpdir(), 'callboard-tls-'));
    const authority = join(folder, 'authority.pem');
    await writeFile(authority, certificate);
    const script = `
      import { createOutbound } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const outbound = createOutbound({ config: { outbound: { mode: 'open', allow: [], timeoutMs: 5000 } }, log: { debug() {} } });
      const answer = await outbound.request('https://localhost:${port}/');
      console.log(Buffer.from(answer.body).toString());
      await outbound.close();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    });
    expect(stdout).toBe('over TLS\n');
    await rm(folder, { recursive: true });
  });

  it('takes the authority, the name and the trust that a single call brings, and keeps them to that call', async () => {
    const port = await secureServer();
    const outbound = testOutbound();
    const said = async (host: string, tls: object) =>
      Buffer.from((await outbound.request(`https://${host}:${port}/`, { tls })).body!).toString();
    expect(await said('localhost', { ca: certificate })).toBe('over TLS');
    expect(await said('127.0.0.1', { ca: certificate, serverName: 'localhost' })).toBe('over TLS');
    expect(await said('127.0.0.1', { insecure: true })).toBe('over TLS');
    await expect(said('127.0.0.1', { ca: certificate })).rejects.toMatchObject({
      code: 'OUTBOUND_TLS',
      message: expect.stringContaining('its certificate is for another host name'),
    });
    await expect(outbound.request(`https://localhost:${port}/`)).rejects.toMatchObject({ code: 'OUTBOUND_TLS' });
    const { body } = await outbound.stream(`https://localhost:${port}/`, { tls: { ca: certificate } });
    const pieces: string[] = [];
    for await (const piece of body) pieces.push(Buffer.from(piece).toString());
    expect(pieces.join('')).toBe('over TLS');
    await expect(outbound.stream(`https://localhost:${port}/`)).rejects.toMatchObject({ code: 'OUTBOUND_TLS' });
    await outbound.close();
  });
});
