/** A version as people compare it: the first digits of a commit or a hash. */
export const shortVersion = (version: string): string => version.replace(/^sha256:/, '').slice(0, 10);
