/** "1,204": the browser's own way of it takes a tenth of a second on a slow machine when it is first asked. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 entity", "1,204 entities". */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`;

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
