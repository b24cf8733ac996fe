import type { UseQueryResult } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppLink, ErrorState, PageHeader, SkeletonRows, StaleNote } from '../../../core/ui/index.ts';
import classes from './AdminPage.module.css';

const pages = [
  { to: '/admin/health', label: 'Health' },
  { to: '/admin/jobs', label: 'Jobs' },
  { to: '/admin/search', label: 'Search index' },
  { to: '/admin/events', label: 'Events' },
  { to: '/admin/outbound', label: 'Outbound' },
  { to: '/admin/configuration', label: 'Configuration' },
];

type AdminPageProps<T> = {
  title: string;
  description: string;
  query: UseQueryResult<T>;
  facts?: (data: T) => ReactNode;
  children: (data: T) => ReactNode;
};

/** The frame that the pages of the administration share: what it is, where else to look, and the states of its data. */
export function AdminPage<T>({ title, description, query, facts, children }: AdminPageProps<T>) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const { data, error, refetch } = query;
  return (
    <>
      <PageHeader title={title} description={description} facts={data === undefined ? null : facts?.(data)} />
      <nav aria-label="Administration" className={classes.tabs}>
        {pages.map(({ to, label }) => (
          <AppLink key={to} to={to} className={classes.tab} current={pathname === to ? 'page' : undefined}>
            {label}
          </AppLink>
        ))}
      </nav>
      {error && data !== undefined ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      {data !== undefined ? (
        children(data)
      ) : error ? (
        <ErrorState error={error} what={`${title} could not be read`} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} label={`Loading ${title.toLowerCase()}`} />
      )}
    </>
  );
}
