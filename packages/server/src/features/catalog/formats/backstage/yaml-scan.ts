/**
 * What the two YAML readers may understand differently: tabs, lone carriage returns, other line breaks, anchors, aliases, tags,
 * directives, document ends, merge keys, complex, empty and null keys, content behind a document marker, numbers that JSON lacks.
 */
const doubtful = new RegExp(
  [
    String.raw`[\t\0\u0085\u2028\u2029\uFEFF]`,
    String.raw`\r(?!\n)`,
    String.raw`(?:^|[\s\[{,])(?:[&*!]\S|\?(?:\s|$)|:(?:\s|$)|(?:~|null|Null|NULL) *:)`,
    String.raw`^(?:%|\.\.\.|---(?!\r?$))`,
    String.raw`<<|__proto__|\.(?:inf|Inf|INF|nan|NaN|NAN)`,
  ].join('|'),
  'm',
);

// A key longer than this is an error to the careful reader only.
const longestKey = 1024;

/** Tells whether a text must be read by the careful YAML reader because the quick one may understand it differently. */
export function needsCarefulReading(text: string): boolean {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    if ((end === -1 ? text.length : end) - start > longestKey) return true;
    if (end === -1) break;
    start = end + 1;
  }
  return doubtful.test(text);
}
