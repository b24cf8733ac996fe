import type { Entity } from '@callboard/model';
import type { ReactNode } from 'react';
import type { EntityColumn } from '../../core/router/index.ts';
import { count, Status, Truncated, words } from '../../core/ui/index.ts';
import type { KindSummary } from './api.ts';
import { canonicalRef, errorsOf, namespaceOf, ownerOf, readRef, refOf, valueAt, type EntityRef } from './entity.ts';
import type { CellHelp } from './list/help.ts';
import { columnOfPath, pathOfColumn } from './queries.ts';
import { BriefLink } from './parts/EntityLink.tsx';
import { NameCell } from './parts/NameCell.tsx';
import { Tags } from './parts/Tags.tsx';

/** One column of the list. */
export type Column = {
  id: string;
  /** Where its values are in an entity; absent where they are not in the catalog, but a plugin knows them. */
  path?: string;
  label: string;
  /** The plugin whose column it is, and what it says. */
  from?: string;
  hint?: string;
  /** What its usual values need, in rem; `grow` is its share of the room that is left. */
  width: number;
  grow: number;
  /** Which ones go first where there is little room: the higher, the sooner. */
  rank: number;
  sortable: boolean;
  cell: (entity: Entity, help: CellHelp) => ReactNode;
  /** The entities that the cell names, whose names `help` must know. */
  names?: (entity: Entity) => EntityRef | undefined;
};

const mixedPaths = [
  'metadata.name',
  'kind',
  'spec.type',
  'spec.owner',
  'spec.system',
  'spec.lifecycle',
  'metadata.tags',
];

type Known = { label: string; width: number; grow: number; rank: number };
const known: Record<string, Known> = {
  'metadata.name': { label: 'Name', width: 14, grow: 4, rank: 0 },
  kind: { label: 'Kind', width: 6.5, grow: 0, rank: 2 },
  'spec.type': { label: 'Type', width: 7.5, grow: 0.5, rank: 1 },
  'spec.owner': { label: 'Owner', width: 8.5, grow: 2, rank: 1 },
  'spec.system': { label: 'System', width: 8.5, grow: 2, rank: 2 },
  'spec.domain': { label: 'Domain', width: 8, grow: 2, rank: 2 },
  'spec.lifecycle': { label: 'Lifecycle', width: 7, grow: 0, rank: 2 },
  'metadata.description': { label: 'Description', width: 12, grow: 5, rank: 3 },
  'metadata.tags': { label: 'Tags', width: 9, grow: 2, rank: 3 },
  'metadata.namespace': { label: 'Namespace', width: 7, grow: 1, rank: 3 },
  status: { label: 'Health', width: 6, grow: 0, rank: 3 },
  'spec.profile.displayName': { label: 'Display name', width: 9, grow: 2, rank: 2 },
  'spec.profile.email': { label: 'Email', width: 12, grow: 3, rank: 2 },
  'spec.memberOf': { label: 'Member of', width: 9, grow: 2, rank: 2 },
};

/** What can be chosen in every list; any other field can be named. */
export const choosable = [...mixedPaths, 'spec.domain', 'metadata.description', 'metadata.namespace', 'status'];

/** Fields that hold references, and the kind that a short one means. */
const references: Record<string, string> = {
  'spec.owner': 'group',
  'spec.system': 'system',
  'spec.domain': 'domain',
  'spec.subdomainOf': 'domain',
  'spec.subcomponentOf': 'component',
  'spec.parent': 'group',
  'spec.memberOf': 'group',
};

export const asTexts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((each) => ['string', 'number', 'boolean'].includes(typeof each))
    .map(String);

const firstRef = (path: string, entity: Entity): EntityRef | undefined => {
  const [first] = asTexts(valueAt(entity, path));
  return first === undefined ? undefined : readRef(first, references[path], namespaceOf(entity));
};

const referenceCell = (path: string, entity: Entity, { briefs }: CellHelp) => {
  const [first, ...rest] = asTexts(valueAt(entity, path));
  if (first === undefined) return null;
  const ref = firstRef(path, entity);
  return (
    <>
      {ref ? (
        <BriefLink entity={ref} brief={briefs.get(canonicalRef(ref))} />
      ) : (
        <span title="This is not an entity reference">{first}</span>
      )}
      {rest.length > 0 ? <span title={rest.join(', ')}> +{rest.length}</span> : null}
    </>
  );
};

const plainCell = (path: string, entity: Entity) => {
  const texts = asTexts(valueAt(entity, path));
  return texts.length === 0 ? null : <Truncated text={texts.join(', ')} />;
};

function Health({ entity }: { entity: Entity }) {
  const errors = errorsOf(entity);
  return errors > 0 ? <Status level="failing" label={count(errors, 'error')} /> : <Status level="ok" label="OK" />;
}

/** What a path shows: names, tags and references have a form of their own. */
function cellOf(path: string): Column['cell'] {
  if (path === 'metadata.name') return (entity, help) => <NameCell entity={entity} help={help} />;
  if (path === 'metadata.tags') return (entity) => <Tags tags={asTexts(entity.metadata.tags)} limit={2} />;
  if (path === 'metadata.description')
    return (entity) => <span title={entity.metadata.description}>{entity.metadata.description}</span>;
  if (path === 'status') return (entity) => <Health entity={entity} />;
  if (path === 'metadata.namespace') return (entity) => <Truncated text={namespaceOf(entity)} />;
  if (references[path]) return (entity, help) => referenceCell(path, entity, help);
  return (entity) => plainCell(path, entity);
}

const unsortable = ['metadata.tags', 'metadata.description', 'spec.memberOf', 'spec.targets', 'status'];

/** The column that shows a path. */
export const columnAt = (path: string): Column => ({
  id: columnOfPath(path),
  path,
  ...(known[path] ?? { label: words(path), width: 8, grow: 1, rank: 2 }),
  sortable: !unsortable.includes(path),
  cell: cellOf(path),
  // On a phone the line of a name says the owner too.
  ...(path === 'metadata.name' && { names: ownerOf }),
  ...(references[path] !== undefined && { names: (entity: Entity) => firstRef(path, entity) }),
});

/** The column that a plugin adds. */
export const addedColumn = ({ id, title, description, from, cell: Cell }: EntityColumn): Column => ({
  id,
  label: title,
  from,
  hint: description === undefined ? from : `${from}: ${description}`,
  width: 8,
  grow: 1,
  rank: 3,
  sortable: false,
  cell: (entity) => <Cell entity={entity} entityRef={refOf(entity)} />,
});

/** The word in the address of a plugin's column; paths of descriptors begin otherwise. */
const pluginColumn = /^[a-z0-9-]+:[a-z0-9-]+$/;

/** A column whose plugin is not there: it stays in the address, for when it is. */
const absentColumn = (id: string): Column => ({
  id,
  label: id,
  hint: 'No plugin that is on has this column',
  width: 8,
  grow: 1,
  rank: 3,
  sortable: false,
  cell: () => null,
});

const columnOf = (id: string): Column => (pluginColumn.test(id) ? absentColumn(id) : columnAt(pathOfColumn(id)));

/** The paths that some columns need of an entity. */
export const pathsOf = (columns: Column[]): string[] => columns.flatMap(({ path }) => path ?? []);

const withName = (paths: string[]) => (paths.includes('metadata.name') ? paths : ['metadata.name', ...paths]);

/** The columns of a list of one kind, as its definition says, or of all kinds together. */
export const columnsFor = (definition: KindSummary | undefined): Column[] =>
  withName(definition && definition.columns.length > 0 ? definition.columns : mixedPaths).map(columnAt);

/**
 * Columns that somebody has chosen, by their words in the address: in that order. Those that the list had to begin with go first where there is
 * little room, the last of them soonest: what was asked for is to be seen.
 *
 * @param usual - columns that the list has to begin with
 * @param added - columns of plugins
 */
export function chosenColumns(ids: string[], usual: Column[] = [], added: Column[] = []): Column[] {
  const all = ids.includes('name') ? ids : ['name', ...ids];
  return all.map((id, index) => {
    const own = usual.find((column) => column.id === id);
    const column = own ?? added.find((each) => each.id === id) ?? columnOf(id);
    return { ...column, rank: usual.length === 0 || own ? index : 0 };
  });
}

/**
 * The columns that have room, and how wide each is.
 *
 * @param room - in rem; the name always has a place
 */
export function fitColumns(all: Column[], room: number): { columns: Column[]; widths: number[] } {
  const columns = [...all];
  const needed = () => columns.reduce((sum, { width }) => sum + width, 0);
  while (columns.length > 1 && needed() > room) {
    const least = Math.max(...columns.map(({ rank }) => rank));
    const index = columns.findLastIndex(({ rank, path }) => rank === least && path !== 'metadata.name');
    columns.splice(index === -1 ? columns.length - 1 : index, 1);
  }
  const rest = Math.max(0, room - needed());
  const shares = columns.reduce((sum, { grow }) => sum + grow, 0);
  return { columns, widths: columns.map(({ width, grow }) => width + (rest * grow) / shares) };
}
