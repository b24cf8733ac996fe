/** The version of this contract. A new minor adds; a new major may take away what was announced two majors before. */
export const contractVersion = '1.2.0';

/** Every contract whose plugins run on this portal: this one, and the last of each of the two majors before it. */
export const supportedContracts: readonly string[] = [contractVersion];
