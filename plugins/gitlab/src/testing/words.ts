/** What the parts of the stand-in for GitLab have in common. */
import { createHash } from 'node:crypto';

export type Thing = Record<string, any>;
export type Request = { method?: string; headers?: Record<string, string>; body?: string };
export type Answer = { status?: number; headers?: Record<string, string>; body: any };

/** What the parts of the stand-in share. */
export type Gitlab = {
  made: Record<string, Thing[]>;
  shown(project: FakeProject): Thing;
  paged(list: Thing[], query: URLSearchParams, request: Request): Answer;
  add(kind: string, body: Thing, more?: Thing): Answer;
  join(kind: string, body: Thing): Answer;
};

export type FakeProject = {
  id: number;
  path: string;
  branch: string;
  activeAt: string;
  topics?: string[];
  archived?: boolean;
  fork?: boolean;
  /** Contents by path, by branch */
  branches: Record<string, Record<string, string>>;
  createdAt?: string;
};

export const hash = (text: string) => createHash('sha1').update(text).digest('hex');
export const missing = (what: string): Answer => ({ status: 404, body: { message: `404 ${what} Not Found` } });
