const pairs = (text: string): string[] => {
  const padded = ` ${text.toLowerCase()} `;
  return Array.from({ length: padded.length - 1 }, (_, index) => padded.slice(index, index + 2));
};

/** How alike two names are, from 0 to 1: the share of letter pairs that both have. A slip of one letter costs little. */
export function likeness(one: string, other: string): number {
  const left = pairs(one);
  const right = pairs(other);
  let common = 0;
  const rest = [...right];
  for (const pair of left) {
    const found = rest.indexOf(pair);
    if (found === -1) continue;
    common += 1;
    rest.splice(found, 1);
  }
  return (2 * common) / (left.length + right.length);
}

/** The texts to look for when a whole name is not found: its words, and what a slip in their ends or beginnings leaves. */
export function searchTerms(name: string): string[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= 3);
  const starts = words.map((word) => word.slice(0, 4));
  const ends = words.map((word) => word.slice(-4));
  return [...new Set([...words, ...starts, ...ends])].slice(0, 8);
}

/** The most alike first; what has little in common is left out. */
export const mostAlike = <T>(name: string, items: T[], nameOf: (item: T) => string, most = 8): T[] =>
  items
    .map((item) => ({ item, score: likeness(name, nameOf(item)) }))
    .filter(({ score }) => score >= 0.35)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item);
