import type { Action } from './action.ts';
import { catalogActions } from './catalog.ts';
import { cookiecutterActions } from './cookiecutter.ts';
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
  ...cookiecutterActions,
  ...workspaceFileActions,
  ...catalogActions,
  ...debugActions,
  ...publishActions,
  ...gitActions,
  ...httpActions,
  ...dataActions,
];

/**
 * @param more - actions of plugins as they are now; asked every time, as plugins come and go. They never take the place of a built-in one
 */
export function createActions(more: () => readonly Action[] = () => []): ActionRegistry {
  const own = new Map(builtIn.map((action) => [action.id, action]));
  return {
    get: (id) => own.get(id) ?? more().find((action) => action.id === id),
    all() {
      const all = new Map([...more().toReversed(), ...builtIn].map((action) => [action.id, action]));
      return [...all.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    },
  };
}
