import type { PluginSummary, StagedPlugin } from '@callboard/model/http';
import type { StatusLevel } from '../../core/ui/index.ts';

const states: Record<PluginSummary['state'], { level: StatusLevel; label: string }> = {
  enabled: { level: 'ok', label: 'On' },
  disabled: { level: 'unknown', label: 'Off' },
  quarantined: { level: 'failing', label: 'In quarantine' },
  incompatible: { level: 'failing', label: 'Does not fit this portal' },
};
/** The state of a plugin in a word. */
export const stateOf = ({ state }: Pick<PluginSummary, 'state'>) => states[state];

const places = { process: 'In the portal’s process', child: 'In a process of its own', nothing: 'Without a process' };
/** Where its server part runs, and whether it does now. */
export const placeOf = ({ runsIn, running }: Pick<PluginSummary, 'runsIn' | 'running'>): string =>
  `${places[runsIn]}${runsIn === 'nothing' ? '' : running ? ', running' : ', asleep'}`;

/** Bytes in the unit that leaves one to three digits. */
export function bytesOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

const rolesInWords: Record<string, [one: string, many: string]> = {
  pages: ['page', 'pages'],
  navigation: ['entry of the menu', 'entries of the menu'],
  tabs: ['tab of entities', 'tabs of entities'],
  cards: ['card of entities', 'cards of entities'],
  widgets: ['part of the home page', 'parts of the home page'],
  adminPages: ['page of the administration', 'pages of the administration'],
  searchResults: ['way to draw search results', 'ways to draw search results'],
  fields: ['field of template forms', 'fields of template forms'],
  actions: ['step of templates', 'steps of templates'],
  sources: ['source of entities', 'sources of entities'],
  kinds: ['kind of entities', 'kinds of entities'],
  views: ['view', 'views'],
  checks: ['check', 'checks'],
  routes: ['address of its own', 'addresses of its own'],
  codeHosts: ['host of code', 'hosts of code'],
  signIn: ['way to sign in', 'ways to sign in'],
  searchSources: ['source of search', 'sources of search'],
  notifiers: ['way to reach people', 'ways to reach people'],
  permissions: ['permission for roles', 'permissions for roles'],
  connections: ['test of a connection', 'tests of connections'],
  tasks: ['task in the background', 'tasks in the background'],
  columns: ['column of the catalog list', 'columns of the catalog list'],
  deployments: ['source of deployments', 'sources of deployments'],
};

/** What a plugin adds: each role in words, with the titles of what it has there. */
export const addedBy = (contributes: StagedPlugin['contributes']): { what: string; titles: string[] }[] =>
  Object.entries(contributes).flatMap(([role, entries]) => {
    if (!entries || entries.length === 0) return [];
    const [one, many] = rolesInWords[role] ?? [role, role];
    const titles = (entries as { title?: string; id?: string; kind?: string }[]).map(
      ({ title, id, kind }) => title ?? id ?? kind ?? '',
    );
    return [{ what: `${entries.length} ${entries.length === 1 ? one : many}`, titles }];
  });
