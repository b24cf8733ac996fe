import type { Entity } from '@callboard/model';
import { expect, it } from 'vitest';
import { addedColumn, chosenColumns, pathsOf } from '../columns.tsx';
import { csvRow, toFile } from './read-all.ts';

const entity = (name: string, more: object = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, tags: ['go', 'web'] },
  spec: { owner: '=cmd', ...more },
});

async function* pages() {
  yield [entity('a'), entity('b')];
  yield [];
  yield [entity('c')];
}

it('writes the columns that are shown', () => {
  expect(csvRow(entity('A', { tier: 1 }), chosenColumns(['owner', 'tags', 'spec.tier', 'spec.none']))).toBe(
    `component:default/a,A,'=cmd,"go, web",1,\r\n`,
  );
});

it('leaves columns of plugins out, which are not in the catalog', async () => {
  const cell = () => null;
  const alerts = addedColumn({ id: 'prometheus:alerts', title: 'Alerts', from: 'Prometheus', cell });
  const columns = chosenColumns(['name', 'prometheus:alerts', 'ci:health', 'owner'], [alerts]);
  expect(columns.map(({ label, sortable }) => [label, sortable])).toEqual([
    ['Name', true],
    ['Alerts', false],
    ['ci:health', false],
    ['Owner', true],
  ]);
  expect(pathsOf(columns)).toEqual(['metadata.name', 'spec.owner']);
  const csv = await toFile(pages(), 'csv', columns, () => {});
  expect((await csv.text()).split('\r\n').slice(0, 2)).toEqual(['Reference,Name,Owner', `component:default/a,a,'=cmd`]);
});

it('makes one file of many pages, and tells how far it is', async () => {
  const told: number[] = [];
  const csv = await toFile(pages(), 'csv', chosenColumns(['owner']), (count) => told.push(count));
  const bytes = new Uint8Array(await csv.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect((await csv.text()).replace('\u{FEFF}', '').split('\r\n')).toEqual([
    'Reference,Name,Owner',
    `component:default/a,a,'=cmd`,
    `component:default/b,b,'=cmd`,
    `component:default/c,c,'=cmd`,
    '',
  ]);
  expect(told).toEqual([2, 2, 3]);
  const json = JSON.parse(await (await toFile(pages(), 'json', [], () => {})).text()) as Entity[];
  expect(json.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c']);
  const empty = (async function* () {})() as AsyncGenerator<Entity[]>;
  expect(await (await toFile(empty, 'json', [], () => {})).text()).toBe('[]\n');
});
