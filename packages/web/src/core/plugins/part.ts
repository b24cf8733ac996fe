/** One thing that a plugin adds to a page. */
export type Part = {
  kind: 'page' | 'tab' | 'card' | 'widget' | 'search result' | 'admin page' | 'field';
  id: string;
  title: string;
  view?: string | undefined;
  component?: string | undefined;
};

/** "Tab “Berth” of Harbour board 1.0.0" */
export const nameOfPart = (plugin: { title: string; version: string }, part: Part): string =>
  `${part.kind.replace(/^./, (letter) => letter.toUpperCase())} “${part.title}” of ${plugin.title} ${plugin.version}`;
