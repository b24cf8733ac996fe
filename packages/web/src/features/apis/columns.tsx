import type { Entity } from '@callboard/model';
import { EntityLink, targetsOf, type Column } from '../catalog/index.ts';
import { useSummary } from './api.ts';
import { Offers } from './parts/ComponentApis.tsx';

const refOf = (entity: Entity) =>
  `${entity.kind}:${entity.metadata.namespace ?? 'default'}/${entity.metadata.name}`.toLowerCase();

function Version({ entity }: { entity: Entity }) {
  const { data } = useSummary(refOf(entity));
  return <span title={data?.version}>{data?.version}</span>;
}

function Offered({ entity }: { entity: Entity }) {
  const { data } = useSummary(refOf(entity));
  return <Offers summary={data} />;
}

function Providers({ entity }: { entity: Entity }) {
  const [first, ...rest] = targetsOf(entity, 'apiProvidedBy');
  if (first === undefined) return null;
  return (
    <>
      <EntityLink entityRef={first} icon={false} />
      {rest.length > 0 ? <span title={rest.join(', ')}> +{rest.length}</span> : null}
    </>
  );
}

const added: Column[] = [
  {
    id: 'version',
    path: 'spec.type',
    label: 'Version',
    width: 5,
    grow: 0.5,
    rank: 2,
    sortable: false,
    cell: (entity) => <Version entity={entity} />,
  },
  {
    id: 'offers',
    path: 'spec.type',
    label: 'Offers',
    width: 7.5,
    grow: 0,
    rank: 1,
    sortable: false,
    cell: (entity) => <Offered entity={entity} />,
  },
];
const providers: Column = {
  id: 'providers',
  path: 'relations',
  label: 'Provided by',
  width: 8,
  grow: 2,
  rank: 1,
  sortable: false,
  cell: (entity) => <Providers entity={entity} />,
};

/** The columns of the list of APIs: those of the kind, what the definition says, and who provides it. */
export function apiColumns(columns: Column[]): Column[] {
  const after = columns.findIndex(({ id }) => id === 'type') + 1;
  const kept = columns.filter(({ id }) => id !== 'description' && id !== 'metadata.tags');
  return [...kept.slice(0, after), ...added, ...kept.slice(after), providers];
}
