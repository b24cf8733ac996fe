import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  grouped,
  LinkButton,
  PageHeader,
  SkeletonRows,
  StaleNote,
  Status,
} from '../../../core/ui/index.ts';
import { problemsQuery } from '../api.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { ProblemItem, severities } from '../parts/ProblemItem.tsx';
import {
  groupProblems,
  nobody,
  readProblemFilters,
  writeProblemFilters,
  type ProblemFilters,
} from '../problem-filters.ts';
import classes from './ProblemsPage.module.css';

const levels = ['error', 'warning', 'information'] as const;

/** Everything that is wrong with what the portal reads, for whoever can put it right. */
export function ProblemsPage() {
  const search = useSearch({ strict: false });
  const filters = useMemo(() => readProblemFilters(search), [search]);
  const { data, error, refetch } = useQuery(problemsQuery);
  const groups = useMemo(() => groupProblems(data?.items ?? [], filters), [data, filters]);
  return (
    <>
      <PageHeader
        title="Problems"
        facts={<span role="status">{data ? count(data.totalItems, 'problem') : null}</span>}
        description="What is wrong with the descriptors and sources that the portal reads, and what to do about it."
      />
      {error && data ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      {data && data.totalItems > 0 ? <Toolbar filters={filters} counts={data.counts} /> : null}
      {data && data.totalItems > data.items.length ? (
        <p className={classes.partial} role="status">
          <Status level="warning" label={`The first ${grouped(data.items.length)} are shown.`} /> Mend some, or look at
          one source at a time.
        </p>
      ) : null}
      {error && !data ? (
        <ErrorState error={error} what="The problems could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={12} label="Loading the problems" />
      ) : data.totalItems === 0 ? (
        <EmptyState title="No problems">Every descriptor and every source is as it should be.</EmptyState>
      ) : groups.length === 0 ? (
        <EmptyState
          title="No problem fits these filters"
          action={<LinkButton to="/problems">Clear the filters</LinkButton>}
        />
      ) : (
        groups.map((group) => (
          <section
            key={group.owner}
            className={classes.group}
            aria-label={group.owner === nobody ? 'Nobody’s' : group.owner}
          >
            <h2 className={classes.owner}>
              {group.owner === nobody ? 'No known owner' : <EntityLink entityRef={group.owner} />}
              <span className={classes.count}>{count(group.problems.length, 'problem')}</span>
              {filters.owner === '' ? (
                <AppLink
                  to="/problems"
                  search={writeProblemFilters({ ...filters, owner: group.owner })}
                  className={classes.only}
                >
                  Only these
                </AppLink>
              ) : null}
            </h2>
            <ul className={classes.list}>
              {group.problems.map((problem) => (
                <ProblemItem key={problem.id} problem={problem} />
              ))}
            </ul>
          </section>
        ))
      )}
    </>
  );
}

function Toolbar({ filters, counts }: { filters: ProblemFilters; counts: Record<(typeof levels)[number], number> }) {
  const navigate = useNavigate();
  const change = (next: Partial<ProblemFilters>) => writeProblemFilters({ ...filters, ...next });
  return (
    <div className={classes.toolbar}>
      <TextInput
        className={classes.text}
        type="search"
        size="xs"
        aria-label="Filter by text"
        placeholder="Filter by message, place or entity"
        value={filters.text}
        onChange={(event) =>
          void navigate({
            to: '/problems',
            search: change({ text: event.currentTarget.value }),
            replace: true,
            resetScroll: false,
          })
        }
        leftSection={<IconSearch size="0.875rem" aria-hidden />}
      />
      <ul className={classes.levels} aria-label="Severity">
        {levels
          .filter((level) => counts[level] > 0 || filters.severity === level)
          .map((level) => (
            <li key={level}>
              <AppLink
                to="/problems"
                search={change({ severity: filters.severity === level ? '' : level })}
                replace
                resetScroll={false}
                className={classes.level}
                current={filters.severity === level ? 'true' : undefined}
              >
                <Status level={severities[level].level} label={`${severities[level].word} ${grouped(counts[level])}`} />
              </AppLink>
            </li>
          ))}
      </ul>
      {filters.owner === '' ? null : (
        <AppLink to="/problems" search={change({ owner: '' })}>
          Show all owners
        </AppLink>
      )}
    </div>
  );
}
