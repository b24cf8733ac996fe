import type { Action } from './action.ts';
import { catalogActions } from './catalog.ts';
import { dataActions } from './data.ts';
import { debugActions } from './debug.ts';
import { fetchActions } from './fetch.ts';
import { gitActions } from './git.ts';
import { httpActions } from './http.ts';
import { publishActions } from './publish.ts';
import { workspaceFileActions } from './workspace-files.ts';

/** The actions that templates can use, by id. */
export type ActionRegistry = { get(id: string): Action | undefined; all(): Action[] };

const builtIn = [
  ...fetchActions,
  ...workspaceFileActions,
  ...catalogActions,
  ...debugActions,
  ...publishActions,
  ...gitActions,
  ...httpActions,
  ...dataActions,
];

/**
 * @param more - actions of plugins; one with an id that exists replaces it
 */
export function createActions(more: Action[] = []): ActionRegistry {
  const actions = new Map([...builtIn, ...more].map((action) => [action.id, action]));
  return {
    get: (id) => actions.get(id),
    all: () => [...actions.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}
