import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SyntheticEvent } from 'react';
import {
  AppLink,
  LinkButton,
  count,
  EmptyState,
  ErrorState,
  PageHeader,
  SkeletonRows,
  Status,
} from '../../../core/ui/index.ts';
import { kindsQuery, problemCountsQuery, sourcesQuery } from '../api.ts';
import { useKinds } from '../kinds.ts';
import { Changes } from '../parts/Changes.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import { ProblemItem } from '../parts/ProblemItem.tsx';
import { Section } from '../parts/Section.tsx';
import classes from './HomePage.module.css';

/** What the portal knows, a way to find it, what asks for somebody and what changed. */
export function HomePage() {
  const kinds = useQuery(kindsQuery);
  const total = kinds.data?.items.reduce((sum, kind) => sum + kind.count, 0);
  return (
    <>
      <PageHeader title="Home" description={<Knowledge total={total} />} />
      {kinds.error && !kinds.data ? (
        <ErrorState error={kinds.error} what="The catalog could not be read" onRetry={() => void kinds.refetch()} />
      ) : total === 0 ? (
        <EmptyState
          title="The catalog is empty"
          action={<LinkButton to="/catalog-import">Register location</LinkButton>}
        >
          Register the address of a descriptor or a repository, or start the portal with a folder.
        </EmptyState>
      ) : (
        <>
          <Search />
          <KindCounts />
          <div className={classes.columns}>
            <Section title="Latest changes">
              <Changes />
            </Section>
            <Section title="Problems" aside={<AppLink to="/problems">All problems</AppLink>}>
              <FirstProblems />
            </Section>
          </div>
        </>
      )}
    </>
  );
}

/** "124 entities from 3 sources, 4 problems". */
function Knowledge({ total }: { total: number | undefined }) {
  const sources = useQuery(sourcesQuery);
  const problems = useQuery(problemCountsQuery);
  if (total === undefined) return <span>&nbsp;</span>;
  const asking = problems.data ? problems.data.counts.error + problems.data.counts.warning : undefined;
  return (
    <span>
      <AppLink to="/catalog">{count(total, 'entity', 'entities')}</AppLink>
      {sources.data ? (
        <>
          {' from '}
          <AppLink to="/admin/sources">{count(sources.data.items.length, 'source')}</AppLink>
        </>
      ) : null}
      {asking === undefined ? null : (
        <>
          {', '}
          <AppLink to="/problems">{asking === 0 ? 'no problems' : count(asking, 'problem')}</AppLink>
        </>
      )}
    </span>
  );
}

function Search() {
  const navigate = useNavigate();
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('q');
    if (typeof text === 'string')
      void navigate({ to: '/catalog', search: text.trim() === '' ? {} : { q: text.trim() } });
  };
  return (
    <form role="search" action="/catalog" onSubmit={submit} className={classes.search}>
      <TextInput
        name="q"
        type="search"
        size="md"
        aria-label="Search the catalog"
        placeholder="Search services, APIs, teams, people"
        autoComplete="off"
        leftSection={<IconSearch size="1.125rem" aria-hidden />}
      />
    </form>
  );
}

function KindCounts() {
  const { data } = useQuery(kindsQuery);
  const { pluralOf } = useKinds();
  const present = (data?.items ?? []).filter((kind) => kind.count > 0).toSorted((a, b) => b.count - a.count);
  return (
    <ul className={classes.kinds} aria-label="Entities by kind">
      {present.map((kind) => (
        <li key={kind.kind}>
          <AppLink to="/catalog" search={{ kind: kind.kind.toLowerCase() }} className={classes.kind}>
            <KindIcon kind={kind.kind} size="1.125rem" />
            <span className={classes.figure}>{kind.count.toLocaleString('en-US')}</span>
            <span className={classes.word}>{kind.count === 1 ? (kind.title ?? kind.kind) : pluralOf(kind.kind)}</span>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}

function FirstProblems() {
  const { data, error, refetch } = useQuery(problemCountsQuery);
  if (error && !data)
    return <ErrorState error={error} what="The problems could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the problems" />;
  const asking = data.items.filter(({ severity }) => severity !== 'information');
  if (asking.length === 0) return <Status level="ok" label="Every descriptor is as it should be" />;
  return (
    <ul>
      {asking.map((problem) => (
        <ProblemItem key={problem.id} problem={problem} compact />
      ))}
    </ul>
  );
}
