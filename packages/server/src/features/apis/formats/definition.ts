import type {
  ApiFact,
  ApiOperation,
  ApiOverview,
  ApiSecurity,
  ApiServer,
  ApiType,
  ApiFormat,
  Problem,
} from '@callboard/model';

/** A definition as a format's reader understands it. */
export type Definition = {
  format: ApiFormat;
  formatVersion?: string | undefined;
  version?: string | undefined;
  title?: string | undefined;
  description?: string | undefined;
  facts: ApiFact[];
  servers: ApiServer[];
  security: ApiSecurity[];
  groups: { name: string; description?: string }[];
  operations: (ApiOperation & { group: number })[];
  types: ApiType[];
  found: Problem[];
  language: ApiOverview['language'];
  leftOut?: string | undefined;
};

/** What is read of a definition at most; what is larger is shown in part, and says so. */
export const limits = { operations: 20_000, types: 50_000, nodes: 600_000, depth: 40, problems: 50 };

export const emptyDefinition = (format: ApiFormat, language: ApiOverview['language']): Definition => ({
  format,
  facts: [],
  servers: [],
  security: [],
  groups: [],
  operations: [],
  types: [],
  found: [],
  language,
});

/** Gives out ids, each once. */
export function createIds(): (wanted: string) => string {
  // A page's own words for its parts.
  const used = new Set(['', 'text', 'overview']);
  return (wanted) => {
    let id = wanted;
    for (let count = 2; used.has(id); count += 1) id = `${wanted} ${count}`;
    used.add(id);
    return id;
  };
}

/** The places of groups by name, in the order in which they are first asked for. */
export function createGroups(known: { name: string; description?: string }[] = []) {
  const list = [...known];
  const places = new Map(list.map(({ name }, index) => [name, index]));
  return {
    list,
    place(name: string): number {
      const place = places.get(name);
      if (place !== undefined) return place;
      places.set(name, list.length);
      list.push({ name });
      return list.length - 1;
    },
  };
}

/** Leaves out the groups that hold nothing. */
export function withoutEmptyGroups(definition: Definition): Definition {
  const used = new Set(definition.operations.map(({ group }) => group));
  const places = new Map<number, number>();
  const groups = definition.groups.filter((_, index) => used.has(index) && places.set(index, places.size));
  return {
    ...definition,
    groups,
    operations: definition.operations
      .map((operation) => ({ ...operation, group: places.get(operation.group) ?? 0 }))
      .toSorted((a, b) => a.group - b.group),
  };
}
