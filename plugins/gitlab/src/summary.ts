import type { RepositorySummary } from '@callboard/plugin-api';
import type { Thing } from './api.ts';

/** A project in the words of the contract. */
export const summaryOf = (project: Thing): RepositorySummary => ({
  name: String(project['path']),
  owner: String(project['namespace']?.full_path ?? String(project['path_with_namespace']).replace(/\/[^/]*$/, '')),
  url: String(project['web_url']),
  defaultBranch: String(project['default_branch'] ?? 'main'),
  ...(project['description'] && { description: String(project['description']).slice(0, 5000) }),
  topics: (project['topics'] ?? []).map(String),
  archived: project['archived'] === true,
  fork: project['forked_from_project'] !== undefined && project['forked_from_project'] !== null,
  private: project['visibility'] !== 'public',
});
