/**
 * Cuts texts below `spec`, such as definitions of APIs, for those who show what an entity is and not all it says.
 *
 * @param json - an entity as JSON
 * @param longest - characters that are kept; a cut text ends with `…`
 */
export function shortenTexts(json: string, longest: number): string {
  if (json.length <= longest) return json;
  const entity = JSON.parse(json) as { spec?: unknown };
  if (entity.spec === undefined) return json;
  const cut = (value: unknown): unknown => {
    if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value;
    if (Array.isArray(value)) return value.map(cut);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each)]));
  };
  return JSON.stringify({ ...entity, spec: cut(entity.spec) });
}
