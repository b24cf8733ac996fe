/** Encrypts what must not be readable in the database. Whoever has the database alone, or a copy of it, has none of it. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Closes texts with AES-256-GCM. A closed text is bound to its owner: it opens for no other. */
export type Seal = {
  close(text: string, owner: string): string;
  /** @throws when it was closed with another key, for another owner, or was changed */
  open(sealed: string, owner: string): string;
};

const algorithm = 'aes-256-gcm';

/**
 * Makes a seal.
 *
 * @param purpose - seals of different purposes open nothing of each other, even with the same key
 */
export function createSeal(key: string, purpose: string): Seal {
  const bytes = createHash('sha256').update(`callboard ${purpose} secrets ${key}`).digest();
  return {
    close(text, owner) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, bytes, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url')).join('.');
    },
    open(sealed, owner) {
      const [nonce, tag, body] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      const decipher = createDecipheriv(algorithm, bytes, nonce!).setAAD(Buffer.from(owner)).setAuthTag(tag!);
      return Buffer.concat([decipher.update(body!), decipher.final()]).toString('utf8');
    },
  };
}

/** The key in a file that only this user reads; made when there is none. Of two that make it at once, one wins and both use it. */
export async function keyFrom(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return readFile(file, 'utf8');
}
