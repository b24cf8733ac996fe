import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { expect, test } from 'vitest';
import { boxKey, seal } from './secret.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const spki = (raw: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([hex('302a300506032b656e032100'), raw]), format: 'der', type: 'spki' });
/** Bob's keys and the key of the box in "Cryptography in NaCl", sections 3 and 5. */
const secret = createPrivateKey({
  key: Buffer.concat([
    hex('302e020100300506032b656e04220420'),
    hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'),
  ]),
  format: 'der',
  type: 'pkcs8',
});
const own = hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
const alice = hex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');

test('the key of a box is that of NaCl', () => {
  const shared = diffieHellman({ privateKey: secret, publicKey: spki(alice) });
  expect(Buffer.from(boxKey(shared)).toString('hex')).toBe(
    '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389',
  );
});

test('a sealed text opens with the private key, and is another each time', () => {
  const sealed = seal('väry secret', own);
  const [sender, box] = [sealed.subarray(0, 32), sealed.subarray(32)];
  const shared = diffieHellman({ privateKey: secret, publicKey: spki(sender) });
  const nonce = blake2b(Buffer.concat([sender, own]), { dkLen: 24 });
  expect(Buffer.from(xsalsa20poly1305(boxKey(shared), nonce).decrypt(box)).toString()).toBe('väry secret');
  expect(sealed).not.toEqual(seal('väry secret', own));
});
