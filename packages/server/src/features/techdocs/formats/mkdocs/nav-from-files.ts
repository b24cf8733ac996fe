import type { JsonObject } from '@callboard/model';
import { arrange } from './arrange.ts';
import type { NavNode } from './nav-node.ts';
import { isIndex } from './paths.ts';
import { list, text, titleFromName } from './words.ts';

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
      const children = walk(inner, below);
      const collapses = said['collapse'] === true || (settings['collapse_single_pages'] ?? false) === true;
      const isSingle = collapses || said['collapse_single_pages'] === true;
      nodes.set(
        name,
        isSingle && children.length === 1
          ? children[0]!
          : { title: text(said['title']) ?? folderTitle(name), children },
      );
    }
    const ordered = settings['order'] === 'desc' ? new Map([...nodes].toReversed()) : nodes;
    const wanted = list(settings['nav'] ?? settings['arrange']);
    return wanted.length === 0 ? [...ordered.values()] : arrange(wanted, ordered);
  };
  return walk(folderTree(files), '');
}
