import type { Contributions } from './contributions.ts';

/** "every minute", "every 5 min", "every 2 hours" */
function every(seconds: number): string {
  if (seconds % 3600 === 0) return seconds === 3600 ? 'every hour' : `every ${seconds / 3600} hours`;
  if (seconds % 60 === 0) return seconds === 60 ? 'every minute' : `every ${seconds / 60} min`;
  return `every ${seconds} s`;
}
const titles = (entries: readonly { title: string }[]) => entries.map(({ title }) => title).join(', ');

/**
 * What a plugin can do by what it adds, beyond being looked at, in words: nobody can grant less of it, so it is for whoever agrees to know.
 *
 * @param id - of the plugin
 */
export function reachOf(id: string, contributes: Contributions = {}): string[] {
  const {
    routes = [],
    tasks = [],
    actions = [],
    signIn = [],
    codeHosts = [],
    notifiers = [],
    kinds = [],
  } = contributes;
  const reading = actions.filter(({ workspace }) => workspace === 'read');
  const writing = actions.filter(({ workspace }) => workspace === 'write');
  const open = routes.filter(({ open: isOpen }) => isOpen);
  return [
    ...open.map(
      ({ title, path }) =>
        `Is called from outside by anybody, without signing in: ${title} (POST /api/plugins/${id}${path})`,
    ),
    ...tasks.map(
      ({ title, everySeconds }) =>
        `Works in the background ${everySeconds === undefined ? 'all the time' : every(everySeconds)}: ${title}`,
    ),
    ...(reading.length > 0
      ? [`Reads the files of template runs, and pushes them to granted hosts: ${titles(reading)}`]
      : []),
    ...(writing.length > 0
      ? [`Reads and changes the files of template runs, and pushes them to granted hosts: ${titles(writing)}`]
      : []),
    ...(signIn.length > 0 ? [`Says who somebody is, once the configuration names it: ${titles(signIn)}`] : []),
    ...(codeHosts.length > 0
      ? [`Reads files of its hosts for catalog, documentation and templates: ${titles(codeHosts)}`]
      : []),
    ...(kinds.length > 0 ? ['Defines kinds of entities'] : []),
    ...(notifiers.length > 0 ? [`Is told which runs people began, to bring them the end: ${titles(notifiers)}`] : []),
  ];
}
