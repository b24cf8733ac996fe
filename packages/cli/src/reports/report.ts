import type { Problem } from '@callboard/model';

/** What a check found, and where it ran. */
export type Report = {
  files: number;
  documents: number;
  entities: number;
  problems: Problem[];
  /** What was checked, in words; files and entities when absent */
  checked?: string;
  /** The working directory, from which paths are shown */
  directory: string;
  version: string;
};

/** The path of a `file:` location, undefined for others. */
export function pathOf(location: string | undefined): string | undefined {
  return location?.startsWith('file:') ? location.slice('file:'.length) : undefined;
}
