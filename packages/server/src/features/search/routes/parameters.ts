/** Values of a parameter that may stand once, several times, or as a list. */
const texts = (value: unknown): string[] => [value].flat().filter((item): item is string => typeof item === 'string');

/** Types and filters as Backstage's clients write them: `types[0]`, `types[]`, `filters[kind]`, `filters[kind][0]`. */
export function listParameters(query: Record<string, unknown>): { types?: string[]; filters: Map<string, string[]> } {
  const types: string[] = [];
  const filters = new Map<string, string[]>();
  for (const [name, value] of Object.entries(query)) {
    if (/^types(\[\d*\])?$/.test(name)) types.push(...texts(value));
    const filter = /^filters\[([^\]]+)\]/.exec(name)?.[1];
    // Backstage's clients know the type of an entity as `componentType`, too.
    const known = filter === 'componentType' ? 'type' : filter;
    if (known) filters.set(known, [...(filters.get(known) ?? []), ...texts(value)]);
  }
  return { ...(types.length > 0 && { types }), filters };
}
