import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { escapePart } from '../address.ts';
import { textOf } from '../json.ts';
import type { Job } from './tools.ts';

/** What stands before the 32 bytes of a public X25519 key in its DER form. */
const derStart = Buffer.from('302a300506032b656e032100', 'hex');
const words = (bytes: Uint8Array) => new Uint32Array(Uint8Array.from(bytes).buffer);

/** The key of a box, of what two X25519 keys agree on. */
export function boxKey(shared: Uint8Array): Uint8Array {
  const key = new Uint32Array(8);
  hsalsa(words(Buffer.from('expand 32-byte k')), words(shared), new Uint32Array(4), key);
  return new Uint8Array(key.buffer);
}

/** Seals a text so that only the owner of the key can open it: libsodium's `crypto_box_seal`, which GitHub asks for. */
export function seal(text: string, publicKey: Uint8Array): Uint8Array {
  const { publicKey: ownKey, privateKey } = generateKeyPairSync('x25519');
  const own = ownKey.export({ type: 'spki', format: 'der' }).subarray(derStart.length);
  const other = createPublicKey({ key: Buffer.concat([derStart, publicKey]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey, publicKey: other });
  const nonce = blake2b(Buffer.concat([own, publicKey]), { dkLen: 24 });
  const box = xsalsa20poly1305(boxKey(shared), nonce).encrypt(Buffer.from(text));
  return Buffer.concat([own, box]);
}

/** Stores secrets below an address of the API that has `public-key`. */
export async function putSecrets(job: Job, path: string, secrets: Record<string, string>): Promise<void> {
  const { client, target, call, name } = job;
  if (Object.keys(secrets).length === 0) return;
  const what = `store secrets of ${name}`;
  const key = (await client.call(target, `${path}/public-key`, { ...call, what })).json() as Record<string, unknown>;
  const publicKey = Buffer.from(textOf(key['key']) ?? '', 'base64');
  if (publicKey.length !== 32) throw new Error(`${target.host}: it gave no key to seal secrets with`);
  for (const [secret, value] of Object.entries(secrets))
    await client.call(target, `${path}/${escapePart(secret)}`, {
      ...call,
      what,
      method: 'PUT',
      body: { encrypted_value: Buffer.from(seal(String(value), publicKey)).toString('base64'), key_id: key['key_id'] },
    });
}
