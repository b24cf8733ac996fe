import { createPrivateKey, sign } from 'node:crypto';
import type { App } from './hosts.ts';
import { pemOf } from './pem.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * The token by which an app says who it is, for nine minutes: GitHub takes ten at most, and clocks differ.
 *
 * @throws Error in words when the key is none
 */
export function appToken({ id, privateKey }: App, now: number = Date.now()): string {
  const seconds = Math.floor(now / 1000);
  let key;
  try {
    key = createPrivateKey(pemOf(privateKey));
  } catch {
    throw new Error(`the private key of the app ${id} is no PEM text: paste the whole file that GitHub gave`);
  }
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: seconds - 60, exp: seconds + 540, iss: id })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}
