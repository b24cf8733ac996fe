/** The kind in a ref. */
export const kindOf = (ref) => ref.slice(0, ref.indexOf(':'));
