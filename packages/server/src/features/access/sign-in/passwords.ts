import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { accessErrors } from '../errors.ts';

/** 64 MiB and about a quarter of a second for each guess. */
const cost = { N: 2 ** 16, r: 8, p: 1 };
const keyLength = 32;
export const passwordLengths = { least: 10, most: 200 } as const;

const derive = (password: string, salt: Buffer, { N, r, p }: typeof cost): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, keyLength, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

/** How many are worked out at once: each takes memory, and whoever asks is not known yet. */
const atOnce = 2;
const mostWaiting = 50;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<R>(work: () => Promise<R>): Promise<R> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) throw accessErrors.busy();
    await new Promise<void>((go) => waiting.push(go));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** The form in which a password is kept: `scrypt$N$r$p$salt$key`. */
export async function passwordHash(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await inTurn(() => derive(password, salt, cost));
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${randomBytes(16).toString('base64url')}$${randomBytes(keyLength).toString('base64url')}`;

/** Whether a password is the one that was kept. For nobody's it takes as long. */
export async function isPassword(password: string, kept: string | null | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = (kept ?? nobody).split('$');
  const expected = Buffer.from(key, 'base64url');
  const found = await inTurn(() =>
    derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) }),
  );
  return timingSafeEqual(found, expected) && kept !== null && kept !== undefined;
}

/** Refuses passwords that are guessed at once. Length counts; rules about characters make people write them down. */
export function assertPassword(password: string, name: string): void {
  const plain = password.toLowerCase();
  const isPlain = new Set(plain).size < 4 || (name !== '' && plain.replaceAll(/[^a-z]/g, '') === name.toLowerCase());
  if (password.length < passwordLengths.least || password.length > passwordLengths.most || isPlain)
    throw accessErrors.weakPassword({ least: passwordLengths.least });
}
