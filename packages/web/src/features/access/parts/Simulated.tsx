import type { SimulateResponse } from '@callboard/model/http';
import { adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { count, EmptyState } from '../../../core/ui/index.ts';
import classes from './Policy.module.css';

type Row = SimulateResponse['items'][number];

const changes = (list: Row['gains']) =>
  list.length === 0 ? (
    '—'
  ) : (
    <ul className={classes.list}>
      {list.map(({ permission, after, entities, entitiesBefore, entitiesAfter }) => (
        <li key={permission}>
          {permission}{' '}
          <span className={adminClasses.second}>
            {entities !== undefined
              ? `for ${count(entities, 'entity', 'entities')}, ${entitiesBefore} → ${entitiesAfter} in all`
              : after === 'conditional'
                ? 'for some'
                : ''}
          </span>
        </li>
      ))}
    </ul>
  );

const columns: Column<Row>[] = [
  { label: 'Who', cell: ({ principal }) => principal, className: 'code' },
  { label: 'Gains', cell: ({ gains }) => changes(gains) },
  { label: 'Loses', cell: ({ loses }) => changes(loses) },
];

/** What a change would do, before it is made. */
export function Simulated({ result }: { result: SimulateResponse }) {
  if (result.items.length === 0)
    return (
      <EmptyState title="Nobody would gain or lose anything">
        {count(result.people, 'person', 'people')} looked at{result.truncated ? ', not all' : ''}, with the entities
        that there are now.
      </EmptyState>
    );
  return (
    <>
      <h2 className={adminClasses.heading}>
        {count(result.items.length, 'person', 'people')} of {result.people} would see a difference
        {result.truncated ? ', or more' : ''}
      </h2>
      <Table label="What would change" rows={result.items} rowKey={({ principal }) => principal} columns={columns} />
    </>
  );
}
