import { expect, it } from 'vitest';
import { toggled, withRecent } from './personal.ts';
import { nextVisit } from './visits.ts';

const at = (minutes: number) => Date.UTC(2026, 0, 5, 8, minutes);
const time = (minutes: number) => new Date(at(minutes)).toISOString();

it('tells one visit from the next by half an hour', () => {
  const first = nextVisit(undefined, at(0), 10);
  expect(first).toEqual({ seenAt: time(0), cursor: 10 });
  const same = nextVisit(first, at(20), 14);
  expect(same).toEqual({ seenAt: time(20), cursor: 14 });
  const second = nextVisit(same, at(51), 30);
  expect(second).toEqual({ seenAt: time(51), cursor: 30, before: { seenAt: time(20), cursor: 14 } });
  expect(nextVisit(second, at(60), 31)).toEqual({
    seenAt: time(60),
    cursor: 31,
    before: { seenAt: time(20), cursor: 14 },
  });
});

it('has what was opened last first, each address once, and not for ever', () => {
  const item = (name: string) => ({ path: `/${name}`, title: name, at: time(0) });
  expect(withRecent([item('a'), item('b')], item('b')).map(({ path }) => path)).toEqual(['/b', '/a']);
  const many = Array.from({ length: 50 }, (_, index) => item(`x${index}`));
  expect(withRecent(many, item('new'))).toHaveLength(50);
});

it('stars and takes the star away', () => {
  expect(toggled(['a'], 'b')).toEqual(['b', 'a']);
  expect(toggled(['b', 'a'], 'b')).toEqual(['a']);
});
