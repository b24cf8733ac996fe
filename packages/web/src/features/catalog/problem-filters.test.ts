import { describe, expect, it } from 'vitest';
import type { StoredProblem } from './api.ts';
import { groupProblems, readProblemFilters, writeProblemFilters } from './problem-filters.ts';

const problem = (id: number, severity: StoredProblem['severity'], owner?: string, message = 'm'): StoredProblem => ({
  id,
  sourceId: 1,
  code: 'CATALOG_X',
  severity,
  message,
  fix: 'f',
  firstSeenAt: `2026-11-22T10:00:0${id}.000Z`,
  ...(owner === undefined ? {} : { owner }),
});
const all = readProblemFilters({});
const ids = (filters = all, problems = list) =>
  groupProblems(problems, filters).map(({ owner, problems: each }) => [owner, each.map(({ id }) => id)]);
const list = [
  problem(1, 'warning', 'group:default/a'),
  problem(2, 'error', 'group:default/b'),
  problem(3, 'information', 'group:default/b', 'Owner is missing'),
  problem(4, 'error'),
  problem(5, 'error', 'group:default/b'),
];

describe('problems by owner', () => {
  it('puts the worst first and what nobody owns last', () => {
    expect(ids()).toEqual([
      ['group:default/b', [5, 2, 3]],
      ['group:default/a', [1]],
      ['none', [4]],
    ]);
  });

  it('narrows by severity, owner and text', () => {
    expect(ids({ ...all, severity: 'warning' })).toEqual([['group:default/a', [1]]]);
    expect(ids({ ...all, owner: 'none' })).toEqual([['none', [4]]]);
    expect(ids({ ...all, text: 'OWNER' })).toEqual([['group:default/b', [3]]]);
  });

  it('reads and writes the URL', () => {
    expect(readProblemFilters({ severity: 'bad', owner: 'Group:default/A', q: ' x ' })).toEqual({
      severity: '',
      owner: 'group:default/a',
      text: 'x',
    });
    expect(writeProblemFilters({ severity: 'error', owner: '', text: 'x' })).toEqual({ severity: 'error', q: 'x' });
  });
});
