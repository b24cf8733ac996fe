import type { JsonObject } from '@callboard/model';

export type AuditResult = 'done' | 'refused' | 'failed';

/** What is told of something that somebody did. */
export type NewAuditEntry = {
  /** ref of who did it; empty when nobody was recognised */
  actor: string;
  /** how they were recognised: `session`, `token:<id>` … */
  via: string;
  /** where from */
  address: string;
  /** the permission, or a word such as `sign-in` */
  action: string;
  /** id of the operation in the OpenAPI document */
  operation: string;
  /** what it was done to: a path of the API, a ref, a name */
  subject: string;
  result: AuditResult;
  status: number;
  /** id of the request, as in the log */
  request: string;
  /** what was asked for, or what differs; secrets are left out before */
  detail?: JsonObject;
};

export type AuditEntry = NewAuditEntry & { id: number; at: number; hash: string };

export type AuditFilter = {
  actor?: string;
  action?: string;
  subject?: string;
  result?: string;
  /** in any of the texts */
  text?: string;
  from?: number;
  to?: number;
};
