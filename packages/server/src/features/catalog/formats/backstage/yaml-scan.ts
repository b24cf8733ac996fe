/**
 * What the two YAML readers may understand differently: tabs, lone carriage returns, other line breaks, anchors, aliases, tags,
 * directives, document ends, merge keys, complex, empty and null keys, content behind a document marker, numbers that JSON lacks, by their
 * names or because they are too large.
 */
const doubtful = new RegExp(
  [
    String.raw`[\t\0\u0085\u2028\u2029\uFEFF]`,
    String.raw`\r(?!\n)`,
    String.raw`(?:^|[\s\[{,])(?:[&*!]\S|\?(?:\s|$)|:(?:\s|$)|(?:~|null|Null|NULL) *:)`,
    String.raw`^(?:%|\.\.\.|---(?!\r?$))`,
    String.raw`<<|__proto__|\.(?:inf|Inf|INF|nan|NaN|NAN)`,
    String.raw`[\d.][eE]\+?\d{3,}(?![^\s\]},:])`,
  ].join('|'),
  'm',
);

/** Digits, of base 16 too, that may make a number which is too large without an exponent of three digits. */
const manyDigits = /[\da-fA-F.]{200}/;

// A key longer than this is an error to the careful reader only.
const longestKey = 1024;

/** Tells whether a text must be read by the careful YAML reader because the quick one may understand it differently. */
export function needsCarefulReading(text: string): boolean {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const length = (end === -1 ? text.length : end) - start;
    if (length > longestKey || (length >= 200 && manyDigits.test(text.slice(start, start + length)))) return true;
    if (end === -1) break;
    start = end + 1;
  }
  return doubtful.test(text);
}
