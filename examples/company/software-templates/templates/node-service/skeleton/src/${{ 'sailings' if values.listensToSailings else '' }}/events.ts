/** What we need of a sailing event; the rest is ignored, as the guide of team sailings asks. */
export type SailingEvent = { name: string; sailingId: string };

/** Calls the listener for each sailing event, at least once. */
export function onSailing(listener: (event: SailingEvent) => void): void {
  process.on('message', (message) => listener(message as SailingEvent));
}
