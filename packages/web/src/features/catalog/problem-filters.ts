import type { Search } from '../../core/router/index.ts';
import type { StoredProblem } from './api.ts';

/** What narrows the list of problems; all of it lives in the URL. */
export type ProblemFilters = { severity: string; owner: string; text: string };

export const nobody = 'none';

const one = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).trim();

export function readProblemFilters(search: Search): ProblemFilters {
  const severity = one(search.severity);
  return {
    severity: ['error', 'warning', 'information'].includes(severity) ? severity : '',
    owner: one(search.owner).toLowerCase(),
    text: one(search.q),
  };
}

export const writeProblemFilters = (filters: ProblemFilters): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ severity: filters.severity, owner: filters.owner, q: filters.text }).filter(
      ([, value]) => value !== '',
    ),
  );

const fits = (problem: StoredProblem, filters: ProblemFilters): boolean => {
  if (filters.severity !== '' && problem.severity !== filters.severity) return false;
  if (filters.owner !== '' && (problem.owner ?? nobody) !== filters.owner) return false;
  if (filters.text === '') return true;
  const text = [problem.message, problem.fix, problem.location, problem.entityRef, problem.code]
    .join('\n')
    .toLowerCase();
  return text.includes(filters.text.toLowerCase());
};

const rank = { error: 0, warning: 1, information: 2 };

/** Problems by who should act: who has the worst comes first, problems without an owner last. */
export function groupProblems(
  problems: StoredProblem[],
  filters: ProblemFilters,
): { owner: string; problems: StoredProblem[] }[] {
  const groups = new Map<string, StoredProblem[]>();
  for (const problem of problems) {
    if (!fits(problem, filters)) continue;
    const owner = problem.owner ?? nobody;
    groups.set(owner, [...(groups.get(owner) ?? []), problem]);
  }
  const worst = (list: StoredProblem[]) => Math.min(...list.map(({ severity }) => rank[severity]));
  return [...groups]
    .map(([owner, list]) => ({
      owner,
      problems: list.toSorted(
        (a, b) => rank[a.severity] - rank[b.severity] || b.firstSeenAt.localeCompare(a.firstSeenAt),
      ),
    }))
    .toSorted(
      (a, b) =>
        Number(a.owner === nobody) - Number(b.owner === nobody) ||
        worst(a.problems) - worst(b.problems) ||
        b.problems.length - a.problems.length ||
        a.owner.localeCompare(b.owner),
    );
}
