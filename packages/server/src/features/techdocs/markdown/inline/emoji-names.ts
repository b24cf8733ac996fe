/** Names that Material's emoji index knows besides the common ones. */
export const otherNames: ReadonlyMap<string, string> = new Map([]);
