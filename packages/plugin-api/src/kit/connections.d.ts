import type { ConnectionResult } from '../roles.ts';

/**
 * One line of a test of a connection. A failure is a line as well: with its `fix` as the next step, and with words of its own where a certificate is
 * not trusted, for configurations with a field that is called Certificate authority.
 *
 * @param look - says what it found, or fails
 */
export declare function connectionLine(
  title: string,
  look: () => Promise<Omit<ConnectionResult, 'title'>>,
): Promise<ConnectionResult>;
