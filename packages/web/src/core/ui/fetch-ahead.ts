/** Fetches code before it is wanted. What cannot be fetched now is fetched again when it is wanted, and a failure is told then. */
export function fetchAhead(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}
