/** A text of a configuration that says something; undefined for anything else. */
export declare function textOf(value: unknown): string | undefined;

/** The texts of a list; empty when it is none. */
export declare function textsOf(value: unknown): string[];

/** The objects of a list; empty when it is none. */
export declare function recordsOf(value: unknown): Record<string, unknown>[];

/** An address without slashes at its end. */
export declare function bareAddress(address: string): string;

/**
 * Certificates and keys as PEM again, after what happens to them on the way: line ends written as `\n` in variables of the environment, or lost in a
 * field of one line.
 */
export declare function pemOf(text: string): string;
