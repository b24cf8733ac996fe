import { expect, it } from 'vitest';
import { layoutGraph } from './layout.ts';

const box = (id: string) => ({ id, width: 100, height: 40 });
const line = (source: string, target: string, type = '') => ({
  id: `${source} ${type} ${target}`,
  source,
  target,
  labelWidth: 60,
  labelHeight: 16,
});

it('draws from left to right, nothing on top of another, with room for labels', () => {
  const nodes = ['a', 'b', 'c', 'alone'].map(box);
  const {
    nodes: places,
    edges,
    width,
    height,
  } = layoutGraph({
    direction: 'LR',
    nodes,
    edges: [
      line('a', 'b', 'dependsOn'),
      line('a', 'b', 'consumesApi'),
      line('a', 'c'),
      line('c', 'a', 'back'),
      line('b', 'b', 'self'),
    ],
  });
  expect(places['a'].x + 100 + 60).toBeLessThan(places['b'].x);
  // Lines leave on the right and arrive on the left, in the middle.
  const way = edges['a dependsOn b'].points;
  expect([way[0].x, way[0].y]).toEqual([places['a'].x + 100, places['a'].y + 20]);
  expect([way.at(-1).x, way.at(-1).y]).toEqual([places['b'].x, places['b'].y + 20]);
  const all = Object.values(places);
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1))
      expect(Math.abs(one.x - other.x) >= 100 || Math.abs(one.y - other.y) >= 40).toBe(true);
  expect(Object.keys(edges)).toHaveLength(5);
  expect(edges['a dependsOn b'].label.y).not.toBe(edges['a consumesApi b'].label.y);
  for (const { x, y } of all)
    expect([x >= 0, y >= 0, x + 100 <= width, y + 40 <= height]).toEqual([true, true, true, true]);
});

it('turns with the direction', () => {
  const input = { nodes: ['a', 'b'].map(box), edges: [line('a', 'b')] };
  const place = (direction: 'LR' | 'RL' | 'TB' | 'BT') => layoutGraph({ ...input, direction }).nodes;
  expect(place('RL')['a'].x).toBeGreaterThan(place('RL')['b'].x);
  expect(place('TB')['a'].y).toBeLessThan(place('TB')['b'].y);
  expect(place('BT')['a'].y).toBeGreaterThan(place('BT')['b'].y);
});

it('places nothing in no room', () => {
  expect(layoutGraph({ direction: 'LR', nodes: [], edges: [] })).toMatchObject({ nodes: {}, edges: {} });
});
