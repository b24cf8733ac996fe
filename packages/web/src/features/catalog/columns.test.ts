import { expect, test } from 'vitest';
import { chosenColumns, columnAt, columnsFor, fitColumns } from './columns.tsx';

test('a column that was asked for stays where usual ones have no room', () => {
  const usual = columnsFor(undefined);
  const ids = [...usual.map(({ id }) => id), 'namespace'];
  const shown = (room: number, chosen: string[]) =>
    fitColumns(chosenColumns(chosen, usual), room).columns.map(({ id }) => id);
  expect(shown(200, ids)).toEqual(ids);
  expect(shown(40, ids)).toEqual(['name', 'kind', 'type', 'namespace']);
  expect(
    shown(
      40,
      usual.map(({ id }) => id),
    ),
  ).toEqual(['name', 'kind', 'type', 'owner']);
  expect(columnAt('metadata.namespace').id).toBe('namespace');
});
