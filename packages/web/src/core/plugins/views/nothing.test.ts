import type { ViewModel } from '@callboard/model/plugins';
import { expect, test } from 'vitest';
import { saysNothing } from './nothing.ts';

const empty: ViewModel[] = [
  { model: 'stat', items: [] },
  { model: 'links', items: [] },
  { model: 'timeline', items: [] },
  { model: 'table', columns: [{ id: 'a', title: 'A' }], rows: [] },
  { model: 'chart', kind: 'line', series: [] },
  { model: 'log', lines: [] },
  { model: 'markdown', text: ' \n' },
];

test('a view without content says nothing, unless it has a word, a title or a button', () => {
  for (const view of empty) {
    expect(saysNothing(view), view.model).toBe(true);
    expect(saysNothing({ ...view, actions: [] }), view.model).toBe(true);
    for (const more of [{ note: 'Looked for it.' }, { title: 'Berths' }, { actions: [{ title: 'Add', route: 'add' }] }])
      expect(saysNothing({ ...view, ...more }), view.model).toBe(false);
  }
  expect(saysNothing({ model: 'stat', items: [{ label: 'Berths', value: 0 }] })).toBe(false);
  expect(saysNothing({ model: 'markdown', text: 'Moored.' })).toBe(false);
});
