/** Stands where a secret was. */
export const masked = '••••••';

const address = /^[a-z][a-z0-9+.-]*:\/\//i;
const secretParameter = /([?&;\s](?:password|passwd|pwd|secret|token|access_token|api_?key)=)[^&;\s]*/gi;
const secretName = /pass|secret|token|credential|private|api_?key/i;

/** Whether the name of a key or an environment variable says that its value is a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}

/** Hides the password, or a token in place of the user, of an address, and secret query parameters; other text is unchanged. */
export function maskAddress(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:]*):[^/?#]*@/i, `$1:${masked}@`)
    .replace(/^(https?:\/\/)[^/?#:]+@/i, `$1${masked}@`)
    .replace(secretParameter, `$1${masked}`);
}

/**
 * Hides secrets in a value of the configuration: the password of every address, and everything under a key that is marked
 * or named as a secret. A secret that is an address keeps its host, by which a person recognises it.
 *
 * @param value - JSON value
 * @param secret - the key is marked or named as a secret
 */
export function maskValue(value: unknown, secret = false): unknown {
  if (typeof value === 'string') {
    if (!secret) return maskAddress(value);
    return value === '' ? '' : address.test(value) && URL.canParse(value) ? maskAddress(value) : masked;
  }
  if (Array.isArray(value)) return value.map((item) => maskValue(item, secret));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [key, maskValue(item, secret || namesSecret(key))]));
  }
  return secret && value !== undefined && value !== null ? masked : value;
}
