import type { CatalogContext } from '../context.ts';
import {
  type Codeowners,
  type CodeownerName,
  codeownersOf,
  codeownersPlaces,
  readCodeowners,
} from '../formats/codeowners/codeowners.ts';
import type { SourceSession } from '../sources/types.ts';
import { ownersByLocation, ownProblems, peopleAndGroups, unownedProblems } from '../store/owners.ts';
import type { OwnerEvidence } from '../store/problems.ts';
import type { CatalogTables } from '../store/tables.ts';
import type { Run } from './run.ts';

const mostFolders = 1_000;
const deepest = 30;

const folderOf = (location: string) => location.slice(0, Math.max(location.lastIndexOf('/'), 0));

/** The folder of a document and those above it, nearest first. */
function* foldersAbove(location: string): Generator<string> {
  for (let folder = folderOf(location), depth = 0; folder && depth < deepest; folder = folderOf(folder), depth++)
    yield folder;
}

type Owned = { location: string; owner: string; count: number };

/** The most frequent owner of each folder's own descriptors. */
function ownersOfFolders(owned: Owned[]): (location: string) => string | undefined {
  const counts = new Map<string, Map<string, number>>();
  for (const { location, owner, count } of owned) {
    const folder = folderOf(location);
    const owners = counts.get(folder) ?? new Map<string, number>();
    counts.set(folder, owners.set(owner, (owners.get(owner) ?? 0) + count));
  }
  return (location) => {
    for (const folder of foldersAbove(location)) {
      const owners = [...(counts.get(folder) ?? [])].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      if (owners[0]) return owners[0][0];
    }
    return undefined;
  };
}

/** What the nearest CODEOWNERS file says of documents. Only a source with folders has such files, and only inside its root. */
function codeownersReader(session: SourceSession): (location: string) => Promise<CodeownerName[]> {
  const files = new Map<string, Codeowners | undefined>();
  async function fileOf(folder: string, up: string, from: string): Promise<Codeowners | undefined> {
    if (files.has(folder)) return files.get(folder);
    let found: Codeowners | undefined;
    for (const place of files.size < mostFolders ? codeownersPlaces : []) {
      const bytes = await session.dependency(up + place, from).catch(() => undefined);
      if (bytes) found = readCodeowners(new TextDecoder().decode(bytes));
      if (found) break;
    }
    files.set(folder, found);
    return found;
  }
  return async (location) => {
    if (location.startsWith('url:')) return [];
    let up = './';
    for (const folder of foldersAbove(location)) {
      const rules = await fileOf(folder, up, location);
      if (rules) return codeownersOf(rules, location.slice(folder.length + 1));
      up = up === './' ? '../' : `../${up}`;
    }
    return [];
  };
}

/** The ref of the first of these names that the catalog has. */
async function refOf(context: CatalogContext, names: CodeownerName[]): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  const known = await peopleAndGroups(
    context.db.reader(),
    names.map(({ name }) => name),
  );
  for (const { name, kinds } of names)
    for (const kind of kinds) {
      const found = known.find((each) => each.kind === kind && each.name === name);
      if (found) return found.ref;
    }
  return undefined;
}

/**
 * Looks for owners of problems at documents that name none themselves: a CODEOWNERS file, else the nearest descriptor in the same folder or
 * above. Does nothing where a reading has changed nothing.
 */
export async function findOwners(context: CatalogContext, session: SourceSession, run: Run): Promise<void> {
  if (run.documentIds.length === 0) return;
  const unowned = (await unownedProblems(context.db.reader(), run.source.id)).filter((row) => row.location !== null);
  if (unowned.length === 0) return;
  const namedBy = codeownersReader(session);
  const nearest = ownersOfFolders(await ownersByLocation(context.db.reader(), run.source.id));
  const found = new Map<string, { owner: string; evidence: OwnerEvidence } | undefined>();
  const ids = new Map<string, number[]>();
  for (const { id, location } of unowned as { id: number; location: string }[]) {
    if (!found.has(location)) {
      const named = await refOf(context, await namedBy(location));
      const near = named === undefined ? nearest(location) : undefined;
      found.set(
        location,
        named !== undefined
          ? { owner: named, evidence: 'codeowners' }
          : near === undefined
            ? undefined
            : { owner: near, evidence: 'neighbour' },
      );
    }
    ids.set(location, [...(ids.get(location) ?? []), id]);
  }
  const owned = [...ids].flatMap(([location, problems]) => {
    const owner = found.get(location);
    return owner ? [{ ...owner, problems }] : [];
  });
  if (owned.length === 0) return;
  run.problemsChanged = true;
  await context.db.transaction<CatalogTables, void>(async (tx) => {
    for (const { owner, evidence, problems } of owned) await ownProblems(tx, problems, owner, evidence);
  });
}
