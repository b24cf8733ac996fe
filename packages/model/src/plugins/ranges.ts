type Version = [number, number, number];

const partsOf = (text: string): { version: Version; given: number; prerelease: boolean } | undefined => {
  const match = /^v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (!match) return undefined;
  const found = match
    .slice(1, 4)
    .map((part) => (part === undefined || /^[xX*]$/.test(part) ? undefined : Number(part)));
  const gap = found.indexOf(undefined);
  const given = gap === -1 ? 3 : gap;
  return {
    version: found.map((part, index) => (index < given ? part! : 0)) as Version,
    given,
    prerelease: match[4] !== undefined,
  };
};

const compare = (one: Version, other: Version) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

/** The first version after all that agree in their first `places` numbers. */
const after = (version: Version, places: number): Version => {
  const next = version.map((part, index) => (index < places ? part : 0)) as Version;
  next[places - 1]! += 1;
  return next;
};

function holds(version: Version, comparator: string): boolean | undefined {
  const [, operator, text] = /^(\^|~|>=|<=|>|<|=)?\s*(.+)$/.exec(comparator) ?? [];
  const bound = text === undefined ? undefined : partsOf(text);
  if (!bound) return undefined;
  const { version: low, given } = bound;
  if (given === 0) return true;
  const within = (end: Version) => compare(version, low) >= 0 && compare(version, end) < 0;
  switch (operator) {
    case '^': {
      const first = low.findIndex((part) => part > 0);
      return within(after(low, first === -1 ? given : Math.min(first + 1, given)));
    }
    case '~':
      return within(after(low, Math.min(given, 2)));
    case '>=':
      return compare(version, low) >= 0;
    case '>':
      return given === 3 ? compare(version, low) > 0 : compare(version, after(low, given)) >= 0;
    case '<':
      return compare(version, low) < 0;
    case '<=':
      return given === 3 ? compare(version, low) <= 0 : compare(version, after(low, given)) < 0;
    default:
      return given === 3 ? compare(version, low) === 0 : within(after(low, given));
  }
}

/**
 * Whether a version is within a range as package managers write them: `^1.2.0`, `~1.2`, `>=1 <3`, `1.x || 2.x`, `1.2 - 1.4`.
 * Prereleases count as the version that they lead to.
 *
 * @returns undefined when either cannot be read
 */
export function satisfiesRange(version: string, range: string): boolean | undefined {
  const parsed = partsOf(version);
  if (!parsed || parsed.given < 3 || range.length > 200) return undefined;
  let found = false;
  for (const alternative of range.split('||')) {
    const joined = alternative
      .trim()
      .replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2')
      .replaceAll(/(\^|~|>=|<=|>|<|=)\s+/g, '$1');
    const results = (joined === '' ? ['*'] : joined.split(/\s+/)).map((part) => holds(parsed.version, part));
    if (results.includes(undefined)) return undefined;
    found ||= results.every(Boolean);
  }
  return found;
}

/** Orders two versions; below zero when the first is older. Prereleases stand before their release. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (!a || !b) return one < other ? -1 : Number(one > other);
  return (
    compare(a.version, b.version) ||
    Number(b.prerelease) - Number(a.prerelease) ||
    (one < other ? -1 : Number(one > other))
  );
}
