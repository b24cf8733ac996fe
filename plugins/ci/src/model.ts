import type { ConnectionResult, Host, HostTls } from '@callboard/plugin-api';
import type { App } from '@callboard/plugin-api/formats/github-apps';

export type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
export type Vendor = 'github' | 'gitlab' | 'gitea' | 'jenkins';

/** A system that builds, as configured. */
export type CiHost = {
  vendor: Vendor;
  /** How people know it: `github.com`, or the name of an instance */
  name: string;
  /** Of its pages, and of its API; without a slash at the end */
  address: string;
  api: string;
  username?: string;
  token?: string;
  tls?: HostTls;
  /** Apps that give tokens where there is none; of GitHub only */
  apps?: App[];
};

/** What builds an entity, and how that is known. */
export type Pipeline = { ci: CiHost; project: string; evidence: string; branch?: string };

export type RunStatus = 'passed' | 'failed' | 'cancelled' | 'running' | 'queued' | 'skipped' | 'unknown';

/** Where a run failed. `job` is what its log is asked by. */
export type Failed = { step: string; job?: string; href?: string };

export type Run = {
  id: string;
  title: string;
  number?: string;
  workflow?: string;
  status: RunStatus;
  branch?: string;
  commit?: string;
  event?: string;
  by?: string;
  /** Epoch milliseconds */
  startedAt?: number;
  durationMs?: number;
  href?: string;
  /** Differs when the run does, so that what is known of it need not be asked again */
  version: string;
  failed?: Failed;
  /** It was asked where it failed, with or without an answer */
  isExplained?: boolean;
  canRerun: boolean;
};

/** Runs of a pipeline, newest first; `etag` makes asking again cheap where the far side has such. */
export type Runs = { runs: Run[]; etag?: string };

/** What is asked of each product. `before` is what is known, so that little is asked twice. */
export type Provider = {
  /** What it is that is looked for, in words */
  words: string;
  /** undefined when nothing changed since `before` */
  runs(pipeline: Pipeline, before: Runs | undefined, signal?: AbortSignal): Promise<Runs | undefined>;
  /** Where a run failed; undefined when the far side does not say. */
  failed(pipeline: Pipeline, run: Run, signal?: AbortSignal): Promise<Failed | undefined>;
  /** The whole log of what failed. */
  log(pipeline: Pipeline, run: Run, signal?: AbortSignal): Promise<string>;
  /** Runs it again, and says in words what happens now. */
  rerun(pipeline: Pipeline, run: Run, signal?: AbortSignal): Promise<string>;
  /** Looks at the host and its token; `project` is one that the catalog names, if any. */
  test(ci: CiHost, project: string | undefined, signal?: AbortSignal): Promise<ConnectionResult[]>;
};

export type Data = Record<string, unknown>;
export const record = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
export const list = (value: unknown): Data[] => (Array.isArray(value) ? value.map(record) : []);
/** A text that is not empty, and no longer than what a view takes. */
export const text = (value: unknown, most = 300): string | undefined => {
  const found = typeof value === 'number' ? String(value) : value;
  return typeof found === 'string' && found !== '' ? found.slice(0, most) : undefined;
};
/** Only addresses that a person can safely follow. */
export const link = (value: unknown): string | undefined =>
  typeof value === 'string' && /^https?:\/\//.test(value) && value.length <= 4000 ? value : undefined;
/** Epoch milliseconds; undefined for what is no time, and for the zero time of Go. */
export const time = (value: unknown): number | undefined => {
  const found = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(found) && found > 0 && found < 8.64e15 ? found : undefined;
};
/** How long something took; undefined when it is not known or makes no sense. */
export const span = (from: number | undefined, to: number | undefined): number | undefined =>
  from !== undefined && to !== undefined && to >= from ? to - from : undefined;
