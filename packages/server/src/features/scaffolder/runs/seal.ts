import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { scaffolderErrors } from '../errors.ts';

/** Encrypts what must not be readable in the database (AES-256-GCM; the text is bound to its run). */
export type Seal = { close(text: string, runId: string): string; open(sealed: string, runId: string): string };

const algorithm = 'aes-256-gcm';

export function createSeal(key: string): Seal {
  const bytes = createHash('sha256').update(`callboard scaffolder secrets ${key}`).digest();
  return {
    close(text, runId) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, bytes, nonce).setAAD(Buffer.from(runId));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url')).join('.');
    },
    open(sealed, runId) {
      const [nonce, tag, body] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
      try {
        const decipher = createDecipheriv(algorithm, bytes, nonce!).setAAD(Buffer.from(runId)).setAuthTag(tag!);
        return Buffer.concat([decipher.update(body!), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw scaffolderErrors.secretsUnreadable({ run: runId }, { cause });
      }
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
