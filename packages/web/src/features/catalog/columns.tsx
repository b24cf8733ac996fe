import type { Entity } from '@callboard/model';
import type { ReactNode } from 'react';
import { Truncated, words } from '../../core/ui/index.ts';
import type { KindSummary } from './api.ts';
import { namespaceOf, valueAt } from './entity.ts';
import { columnOfPath } from './queries.ts';
import { EntityLink } from './parts/EntityLink.tsx';
import { NameCell } from './parts/NameCell.tsx';
import { Tags } from './parts/Tags.tsx';

/** One column of the list. `rank` says which ones go first where there is little room: the higher, the sooner. */
export type Column = {
  id: string;
  path: string;
  label: string;
  weight: number;
  rank: number;
  sortable: boolean;
  cell: (entity: Entity) => ReactNode;
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

const known: Record<string, { label: string; weight: number; rank: number }> = {
  'metadata.name': { label: 'Name', weight: 3, rank: 0 },
  kind: { label: 'Kind', weight: 1.35, rank: 2 },
  'spec.type': { label: 'Type', weight: 1.2, rank: 1 },
  'spec.owner': { label: 'Owner', weight: 2, rank: 1 },
  'spec.system': { label: 'System', weight: 2, rank: 2 },
  'spec.domain': { label: 'Domain', weight: 1.8, rank: 2 },
  'spec.lifecycle': { label: 'Lifecycle', weight: 1.5, rank: 2 },
  'metadata.description': { label: 'Description', weight: 3.2, rank: 3 },
  'metadata.tags': { label: 'Tags', weight: 2.2, rank: 3 },
  'spec.profile.displayName': { label: 'Display name', weight: 2, rank: 2 },
  'spec.profile.email': { label: 'Email', weight: 2.4, rank: 2 },
  'spec.memberOf': { label: 'Member of', weight: 2, rank: 2 },
};

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

const asTexts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((each) => ['string', 'number', 'boolean'].includes(typeof each))
    .map(String);

const referenceCell = (path: string, defaultKind: string | undefined, entity: Entity) => {
  const [first, ...rest] = asTexts(valueAt(entity, path));
  if (first === undefined) return null;
  return (
    <>
      <EntityLink entityRef={first} defaultKind={defaultKind} namespace={namespaceOf(entity)} icon={false} />
      {rest.length > 0 ? <span title={rest.join(', ')}> +{rest.length}</span> : null}
    </>
  );
};

const plainCell = (path: string, entity: Entity) => {
  const texts = asTexts(valueAt(entity, path));
  return texts.length === 0 ? null : <Truncated text={texts.join(', ')} />;
};

/** What a path shows: names, tags and references have a form of their own. */
function cellOf(path: string): Column['cell'] {
  if (path === 'metadata.name') return (entity) => <NameCell entity={entity} />;
  if (path === 'metadata.tags') return (entity) => <Tags tags={asTexts(entity.metadata.tags)} limit={2} />;
  if (path === 'metadata.description')
    return (entity) => <span title={entity.metadata.description}>{entity.metadata.description}</span>;
  if (references[path]) return (entity) => referenceCell(path, references[path], entity);
  return (entity) => plainCell(path, entity);
}

/** The columns of a list of one kind, as its definition says, or of all kinds together. */
export function columnsFor(definition: KindSummary | undefined): Column[] {
  const paths = definition && definition.columns.length > 0 ? definition.columns : mixedPaths;
  return (paths.includes('metadata.name') ? paths : ['metadata.name', ...paths]).map((path) => ({
    id: columnOfPath(path),
    path,
    ...(known[path] ?? { label: words(path), weight: 1.5, rank: 2 }),
    sortable: !['metadata.tags', 'metadata.description', 'spec.memberOf', 'spec.targets'].includes(path),
    cell: cellOf(path),
  }));
}
