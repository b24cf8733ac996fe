import type { ErrorName } from '../../../../core/errors/index.ts';
import { AppError } from '../../../../core/errors/index.ts';
import type { CatalogRule, PreparedDocument } from './prepare.ts';

/** A descriptor as it is handed to a worker: a file that the worker reads itself, or content that was read before. */
export type WorkerTask = {
  id: number;
  location: string;
  originLocation: string;
  file?: { path: string; root: string };
  text?: string | Uint8Array;
  /** what is known from the last time; the answer is then `unchanged` when nothing differs */
  known?: { hash: string; dependencies: string[] };
  /** rules of this source, in addition to those of the settings */
  rules?: CatalogRule[] | 'any';
  /** also tells where every value stands */
  outline?: boolean;
};

/** An error in a form that passes between threads. */
export type SentError = { name: string; message: string; code?: string; fix?: string };

export type ToWorker =
  | { type: 'tasks'; tasks: WorkerTask[] }
  | { type: 'content'; read: number; bytes?: Uint8Array; error?: SentError };

export type TaskResult = { id: number; document?: PreparedDocument | 'unchanged'; error?: SentError };

export type FromWorker =
  | { type: 'results'; results: TaskResult[] }
  | { type: 'read'; read: number; task: number; target: string };

export const sendError = (error: unknown): SentError => {
  if (error instanceof AppError) return { name: error.name, message: error.message, code: error.code, fix: error.fix };
  const { name, message, code } = error as Error & { code?: string };
  return { name, message, code };
};

export const receiveError = (sent: SentError): Error =>
  sent.fix === undefined
    ? Object.assign(new Error(sent.message), { name: sent.name, code: sent.code })
    : new AppError({ name: sent.name as ErrorName, message: sent.message, code: sent.code ?? '', fix: sent.fix });
