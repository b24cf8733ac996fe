const expressionAt = (source: string, line: number) => source.split('\n')[line - 1]?.trim().slice(0, 160) ?? '';

const known: [RegExp, string][] = [
  [/Unexpected character "\?"/, 'Write `a if condition else b` instead of `condition ? a : b`.'],
  [/Unexpected character "&"/, 'Write `and` instead of `&&`.'],
  [/Expected name, received "\|"/, 'Write `or` instead of `||`.'],
  [
    /replaceAll"? resolved to undefined/,
    'Write `| replaceAll("a", "b")` or `.split("a").join("b")` instead of the method.',
  ],
  [
    /resolved to undefined and cannot be called/,
    'There is no such function here; the reference lists the filters and functions.',
  ],
  [/Unknown template filter/, 'There is no such filter here; the reference lists the filters and functions.'],
  [/template-loading tag/, 'Templates cannot load each other: put the text in place.'],
  [
    /Unterminated|Unexpected end/,
    'Close the expression with }} or %}, or put a text that is not meant for the portal between {% raw %} and {% endraw %}.',
  ],
  [/reserved/, 'This name belongs to the inside of the language; use another one.'],
];

/** What a person can do about a failing expression. */
export function hintFor(reason: string, source: string, line: number): string {
  const about =
    reason.includes('cannot be called') && expressionAt(source, line).includes('.replaceAll(')
      ? 'replaceAll resolved to undefined'
      : reason;
  const hint = known.find(([pattern]) => pattern.test(about))?.[1] ?? 'Correct the expression.';
  const shown = expressionAt(source, line);
  return shown === '' ? hint : `${hint} It stands in: ${shown}`;
}
