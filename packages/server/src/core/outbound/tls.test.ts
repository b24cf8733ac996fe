import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { listen, testOutbound } from './testing.ts';

/** Made for this test: for localhost, signed by itself, valid for a hundred years. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgacmtU/Ouktk8CY5H
quOtl0a0m3kMSYrxVutooz9mvWOhRANCAAQL+iJS+R0IiQy+BK8nVH5S5zryyzOd
xbAymeLjFE0x69xjpR322LjQlg0j14909s8caZf1JJt8xtu74A6UHk55
-----END PRIVATE KEY-----`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUMnv58s8rTHF4Mx6iIlaxXuT77HwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIwNDEwMVoYDzIxMjYxMDI5
MjA0MTAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQL+iJS+R0IiQy+BK8nVH5S5zryyzOdxbAymeLjFE0x69xjpR322LjQ
lg0j14909s8caZf1JJt8xtu74A6UHk55o2kwZzAdBgNVHQ4EFgQUMOBoWbLl49M1
ckA7XZdGdEedyVQwHwYDVR0jBBgwFoAUMOBoWbLl49M1ckA7XZdGdEedyVQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhALh4AqbKrM2nxMieVfjrzga9aB9IxLg4bVPZ1S5wuoMHAiEAo1vWqr4w
NeKn5l/4U5WkxUaL1WCWO2nmewwRhExs+NQ=
-----END CERTIFICATE-----`;

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
