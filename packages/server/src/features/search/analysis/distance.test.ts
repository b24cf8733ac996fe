import { expect, test } from 'vitest';
import fastCheck from 'fast-check';
import { allowedEdits, distance, distanceInside, oneEditAway } from './distance.ts';

test('edits are counted, a swap of neighbours as one', () => {
  expect(distance('gangway', 'gangway', 2)).toBe(0);
  expect(distance('gagnway', 'gangway', 2)).toBe(1);
  expect(distance('resrvations', 'reservations', 2)).toBe(1);
  expect(distance('wherehouse', 'warehouse', 2)).toBe(2);
  expect(distance('abc', 'xyz', 2)).toBe(3);
  expect(distance('', 'ab', 2)).toBe(2);
});

test('edits to some stretch of a text are those to the nearest of all its stretches', () => {
  const word = fastCheck.stringMatching(/^[abc]{1,6}$/);
  const text = fastCheck.stringMatching(/^[abc]{0,9}$/);
  fastCheck.assert(
    fastCheck.property(word, text, fastCheck.integer({ min: 1, max: 3 }), (one, other, most) => {
      const stretches = Array.from({ length: other.length + 1 }, (_, from) =>
        Array.from({ length: other.length - from + 1 }, (__, length) => other.slice(from, from + length)),
      ).flat();
      expect(distanceInside(one, other, most)).toBe(Math.min(...stretches.map((each) => distance(one, each, most))));
    }),
    { numRuns: 300 },
  );
});

test('short words allow one edit, long ones two, the shortest none', () => {
  expect([2, 3, 5, 6, 12].map(allowedEdits)).toEqual([0, 1, 1, 2, 2]);
});

test('what is one edit away is exactly that', () => {
  const word = fastCheck.stringMatching(/^[a-z0-9]{1,12}$/);
  fastCheck.assert(
    fastCheck.property(word, (text) => {
      const near = oneEditAway(text);
      expect(near.every((each) => distance(text, each, 2) === 1)).toBe(true);
      expect(near).not.toContain(text);
    }),
    { numRuns: 50 },
  );
  expect(oneEditAway('hul')).toContain('hull');
  expect(oneEditAway('lihgthouse')).toContain('lighthouse');
  expect(oneEditAway('привет')).toEqual([]);
});
