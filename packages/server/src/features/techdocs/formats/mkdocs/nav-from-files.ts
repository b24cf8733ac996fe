import type { JsonObject, JsonValue } from '@callboard/model';
import { isIndex } from './paths.ts';
import { list, text, titleFromName } from './words.ts';

/** A file or folder as the navigation sees it, before pages are looked up. */
export type NavNode = { title?: string; file?: string; url?: string; include?: string; children?: NavNode[] };

type Folder = { files: string[]; folders: Map<string, Folder> };

/** What `.pages` and `.nav.yml` of the awesome-pages plugins say of a folder. */
export type FolderSettings = (folder: string) => JsonObject | undefined;

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function folderTree(files: readonly string[]): Folder {
  const root: Folder = { files: [], folders: new Map() };
  for (const file of files) {
    const parts = file.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      let next = folder.folders.get(part);
      if (!next) folder.folders.set(part, (next = { files: [], folders: new Map() }));
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

const decisions = /^(?:adrs?|decision-records|architecture-decisions?)$/i;
const folderTitle = (name: string) => (decisions.test(name) ? 'Architecture decisions' : titleFromName(name));

/** The navigation that follows from the files: in each folder its own page, then files, then folders, by name. */
export function navFromFiles(files: readonly string[], settingsOf: FolderSettings): NavNode[] {
  const walk = (folder: Folder, path: string): NavNode[] => {
    const settings = settingsOf(path) ?? {};
    const own = folder.files.toSorted(
      (one, other) => Number(isIndex(other)) - Number(isIndex(one)) || compare(one, other),
    );
    const nodes = new Map<string, NavNode>();
    for (const file of own) nodes.set(file.slice(file.lastIndexOf('/') + 1), { file });
    for (const [name, inner] of [...folder.folders].toSorted(([one], [other]) => compare(one, other))) {
      const below = path === '' ? name : `${path}/${name}`;
      const said = settingsOf(below) ?? {};
      if (said['hide'] === true) continue;
      nodes.set(name, { title: text(said['title']) ?? folderTitle(name), children: walk(inner, below) });
    }
    if (settings['order'] === 'desc') return [...nodes.values()].toReversed();
    const wanted = list(settings['nav'] ?? settings['arrange']);
    return wanted.length === 0 ? [...nodes.values()] : arrange(wanted, nodes);
  };
  return walk(folderTree(files), '');
}

/** Puts the entries of a folder into the order that is asked for; `...` stands for all others. */
function arrange(wanted: JsonValue[], nodes: Map<string, NavNode>): NavNode[] {
  const left = new Map(nodes);
  const named = (entry: JsonValue): { title?: string; name: string } | undefined => {
    if (typeof entry === 'string') return { name: entry };
    const [pair] = Object.entries((entry ?? {}) as JsonObject);
    return pair && typeof pair[1] === 'string' ? { title: pair[0], name: pair[1] } : undefined;
  };
  const isRest = (entry: JsonValue) => typeof entry === 'string' && entry.startsWith('...');
  const chosen = wanted.map((entry): NavNode[] | 'rest' => {
    if (isRest(entry)) return 'rest';
    const found = named(entry);
    if (!found) return [];
    if (/^https?:\/\//.test(found.name)) return [{ title: found.title ?? found.name, url: found.name }];
    const node = left.get(found.name.replace(/\/$/, ''));
    if (!node) return [];
    left.delete(found.name.replace(/\/$/, ''));
    return [{ ...node, ...(found.title !== undefined && { title: found.title }) }];
  });
  return chosen.flatMap((each) => (each === 'rest' ? [...left.values()] : each));
}
