import { useQuery } from '@tanstack/react-query';
import { count, Status } from '../../../core/ui/index.ts';
import { problemsQuery } from '../api.ts';

/** How many problems ask for somebody, in the rail. */
export function ProblemCount() {
  const { data } = useQuery(problemsQuery);
  const open = data?.items.filter((problem) => problem.severity !== 'information') ?? [];
  if (open.length === 0) return null;
  const failing = open.some((problem) => problem.severity === 'error');
  return (
    <Status level={failing ? 'failing' : 'warning'} label={count(open.length, 'problem')} short={String(open.length)} />
  );
}
