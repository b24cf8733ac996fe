const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** "4 min ago": short enough for a table cell; a date after a month. */
export function relativeTime(at: number, now: number): string {
  const age = now - at;
  const ahead = age < 0;
  const distance = Math.abs(age);
  const word = (count: number, unit: string) => (ahead ? `in ${count} ${unit}` : `${count} ${unit} ago`);
  if (distance < 10 * second) return 'just now';
  if (distance < minute) return word(Math.floor(distance / second), 's');
  if (distance < hour) return word(Math.floor(distance / minute), 'min');
  if (distance < day) return word(Math.floor(distance / hour), 'h');
  if (distance < 31 * day) {
    const days = Math.floor(distance / day);
    return word(days, days === 1 ? 'day' : 'days');
  }
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** The moment itself, in the reader's time zone. */
export const exactTime = (at: number): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' });
