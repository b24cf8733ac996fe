import type { RunStatus, StepStatus } from '@callboard/model/http';
import type { StatusLevel } from '../../../core/ui/index.ts';

/** "saves about 6 h" */
export function saves(minutes: number): string {
  const hours = minutes / 60;
  if (hours < 1) return `saves about ${Math.round(minutes)} min`;
  return hours < 24 * 2 ? `saves about ${Math.round(hours * 10) / 10} h` : `saves about ${Math.round(hours / 24)} d`;
}

/** "1.2 s", "3 min 4 s" */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const statusLevels: Record<RunStatus | StepStatus, StatusLevel> = {
  open: 'unknown',
  processing: 'unknown',
  completed: 'ok',
  failed: 'failing',
  cancelled: 'warning',
  skipped: 'unknown',
};

export const statusWords: Record<RunStatus | StepStatus, string> = {
  open: 'Waiting',
  processing: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  skipped: 'Left out',
};

/** "a few seconds" once a run is over, nothing more to come. */
export const isOver = (status: RunStatus): boolean => status !== 'open' && status !== 'processing';
