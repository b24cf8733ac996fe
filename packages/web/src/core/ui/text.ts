/** "1 entity", "1,204 entities". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString('en-US')} ${value === 1 ? one : many}`;

/** "metadata.someField" → "Some field". */
export function words(path: string): string {
  const last = path.split(/[./]/).filter(Boolean).at(-1) ?? path;
  const spaced = last
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** Splits a long name so that CSS can shorten the first part and keep the end, where long names differ. A title of several words has its sense at the start. */
export function splitMiddle(text: string, tail = 8): [start: string, end: string] {
  if (text.length <= tail * 2 || /[\s@]/.test(text)) return [text, ''];
  return [text.slice(0, -tail), text.slice(-tail)];
}
