/** Milliseconds as a length of time for people: `every 30 s`, `every 2 min`; a cron pattern stays as it is. */
export function scheduleWords(schedule: string | undefined): string {
  if (schedule === undefined) return '';
  const milliseconds = Number(schedule);
  if (Number.isNaN(milliseconds)) return `cron ${schedule}`;
  if (milliseconds < 60_000) return `every ${Math.round(milliseconds / 1000)} s`;
  if (milliseconds < 3_600_000) return `every ${Math.round(milliseconds / 60_000)} min`;
  return `every ${Math.round(milliseconds / 3_600_000)} h`;
}

/** Bytes in the unit that leaves one to four digits. */
export function sizeWords(bytes: number): string {
  const mebibytes = bytes / 1_048_576;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** A setting as it would be written in the configuration file. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === '') return '—';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A moment that is to come, by the clock on the wall; with its day when that is not today. */
export function clockTime(moment: string, now = new Date()): string {
  const at = new Date(moment);
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const isToday = at.toDateString() === now.toDateString();
  return isToday ? time : `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}
