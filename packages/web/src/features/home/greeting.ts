/** By the reader's clock; the name people know first, and none where the portal knows none. */
export function greeting(hour: number, name: string | undefined): string {
  const time = hour < 5 ? 'Good night' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening';
  const [first] = (name ?? '').trim().split(/\s+/);
  return first ? `${time}, ${first}` : time;
}
