/** Stands where a secret was. */
export const masked = '••••••';

const credentialsInAddress = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*:[^?#]*)@/i;
const secretParameter = /([?&;\s](?:password|passwd|pwd|secret|token|access_token|api_?key)=)[^&;\s]*/gi;
const secretName = /pass|secret|token|credential|private|api_?key/i;

/** Whether the name of a key or an environment variable says that its value is a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}

/** Hides the password of an address and secret query parameters; other text is unchanged. */
export function maskAddress(text: string): string {
  return text
    .replace(
      credentialsInAddress,
      (_whole, scheme: string, login: string) => `${scheme}${login.slice(0, login.indexOf(':'))}:${masked}@`,
    )
    .replace(secretParameter, `$1${masked}`);
}

/**
 * Hides secrets in a value of the configuration: the password of every address, and everything under a key marked or named as a secret.
 *
 * @param value - JSON value
 * @param secret - the schema marks the key as a secret
 */
export function maskValue(value: unknown, secret = false): unknown {
  if (value === undefined || value === null) return value;
  if (typeof value === 'string') {
    if (!secret) return maskAddress(value);
    const shown = maskAddress(value);
    // A secret that is an address keeps its host, which a person needs to recognise it.
    return shown !== value || /^[a-z][a-z0-9+.-]*:\/\/[^@]*$/i.test(value) || value === '' ? shown : masked;
  }
  if (Array.isArray(value)) return value.map((item) => maskValue(item, secret));
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, maskValue(item, secret || namesSecret(key))]),
    );
  }
  return secret ? masked : value;
}
