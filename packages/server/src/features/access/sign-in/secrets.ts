import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits that nobody can guess, as they stand in cookies and links. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** A name for a thing that is shown in lists: it opens nothing. */
export const randomId = (): string => randomBytes(12).toString('base64url');

/** The form in which a secret is kept. It has 256 bits by itself, so that no salt and no slow function is needed. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares without telling by time how much is equal. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
