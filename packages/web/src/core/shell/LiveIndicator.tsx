import { useLiveState, type LiveState } from '../api/index.ts';
import { Status, type StatusLevel } from '../ui/index.ts';

const states: Record<LiveState, { level: StatusLevel; word: string; label: string }> = {
  live: { level: 'ok', word: 'Live', label: 'Live: changes show within a second' },
  connecting: { level: 'unknown', word: 'Connecting', label: 'Connecting to the change feed' },
  polling: { level: 'warning', word: 'Reconnecting', label: 'The change feed is away: asking every 15 seconds' },
  paused: { level: 'unknown', word: 'Paused', label: 'Paused while this tab is hidden' },
};

/** Whether what is on the screen follows the portal. */
export function LiveIndicator({ short }: { short: boolean }) {
  const { level, word, label } = states[useLiveState()];
  return <Status level={level} label={label} short={short ? '' : word} />;
}
