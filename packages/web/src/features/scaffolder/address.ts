import type { Search } from '../../core/router/index.ts';

const one = (value: string | string[] | undefined): string => [value ?? ''].flat()[0]!.trim();
const kept = (said: Record<string, string | string[]>) =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value.length > 0));

export const shows = ['all', 'owned', 'starred', 'used'] as const;

/** What the gallery is narrowed to; all of it lives in the address. */
export type Gallery = { text: string; show: (typeof shows)[number]; type: string; owner: string; tags: string[] };

export const readGallery = (search: Search): Gallery => ({
  text: one(search['q']),
  show: shows.find((show) => show === one(search['show'])) ?? 'all',
  type: one(search['type']),
  owner: one(search['owner']),
  tags: [search['tag'] ?? []].flat().filter(Boolean),
});

export const writeGallery = ({ text, show, type, owner, tags }: Gallery) =>
  kept({ q: text, show: show === 'all' ? '' : show, type, owner, tag: tags });

/** The page of the wizard, and values that a link brings along. */
export type WizardSearch = { step?: string; formData?: string };

export const wizardSearch = (search: Search): WizardSearch =>
  kept({ step: one(search['step']), formData: one(search['formData']) });

export const runStates = ['processing', 'completed', 'failed', 'cancelled'] as const;

/** What the list of runs is narrowed to. */
export type RunsAsked = { show: 'mine' | 'all'; status: string; template: string; page: number };

export const readRuns = (search: Search): RunsAsked => ({
  show: one(search['show']) === 'all' ? 'all' : 'mine',
  status: runStates.find((state) => state === one(search['status'])) ?? '',
  template: one(search['template']),
  page: Math.max(1, Math.trunc(Number(one(search['page']))) || 1),
});

export const writeRuns = ({ show, status, template, page }: RunsAsked) =>
  kept({ show: show === 'mine' ? '' : show, status, template, page: page === 1 ? '' : String(page) });

/** What the page shows of a run beside its steps. */
export const runSearch = (search: Search) => kept({ step: one(search['step']), view: one(search['view']) });

/** The reference: what is shown, and what is looked for. */
export const referenceSearch = (search: Search) =>
  kept({ q: one(search['q']), view: one(search['view']) === 'language' ? 'language' : '' });

/** The editor: the template it began with, and the file that is open. */
export const editorSearch = (search: Search) => kept({ template: one(search['template']), file: one(search['file']) });
