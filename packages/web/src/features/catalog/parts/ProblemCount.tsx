import { useQuery } from '@tanstack/react-query';
import { count, Status } from '../../../core/ui/index.ts';
import { problemCountsQuery } from '../api.ts';

/** How many problems ask for somebody, in the rail. */
export function ProblemCount() {
  const { data } = useQuery(problemCountsQuery);
  if (!data) return null;
  const { error, warning } = data.counts;
  if (error + warning === 0) return null;
  return (
    <Status
      level={error > 0 ? 'failing' : 'warning'}
      label={count(error + warning, 'problem')}
      short={String(error + warning)}
    />
  );
}
