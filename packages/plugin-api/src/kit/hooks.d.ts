import type { Host } from '../host.ts';

/** Whether a text is signed with a secret: HMAC-SHA256 as hexadecimal digits, compared in constant time. */
export declare function isSigned(secret: string, text: string, signature: string): boolean;

/** Whether two secrets are the same, in a time that tells nothing of them. */
export declare function isSame(one: string, other: string): boolean;

/** The secret that a hook is registered with: made at the first need, kept in the store under a key, and the same on all replicas. */
export declare function secretOf(host: Host, key: string): Promise<string>;

/**
 * Whether a call comes for the first time; whoever heard it can send it again, and it must count once. Kept in the store under `hook/`.
 *
 * @param id - what is signed of the call and differs between calls; the text where there is no such id
 */
export declare function isFirst(host: Host, id: string): Promise<boolean>;

/**
 * Removes values of the store below a prefix that are older than a time, and the oldest of more than 2,500. A value is a time, or has one in `at`.
 *
 * @param before - in milliseconds
 */
export declare function forgetOld(host: Host, prefix: string, before: number): Promise<void>;
