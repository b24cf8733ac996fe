import type { UseQueryResult } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../api/index.ts';
import { useFeatures } from '../router/index.ts';
import { useMayAll } from '../session/index.ts';
import {
  AppLink,
  EmptyState,
  ErrorState,
  PageHeader,
  SkeletonRows,
  StaleNote,
  TabLink,
  TabStrip,
} from '../ui/index.ts';

type AdminPageProps<T> = {
  title: string;
  description: string;
  query: UseQueryResult<T>;
  facts?: (data: T) => ReactNode;
  actions?: ReactNode;
  children: (data: T) => ReactNode;
};

/** The frame that the pages of the administration share: what it is, where else to look, and the states of its data. */
export function AdminPage<T>({ title, description, query, facts, actions, children }: AdminPageProps<T>) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const pages = useFeatures().flatMap(({ adminPages = [] }) => adminPages);
  // A page below another one's address, such as one of a plugin, has no mark of its own.
  const here = pages
    .filter(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
    .toSorted((a, b) => b.to.length - a.to.length)[0];
  const may = useMayAll();
  const { data, error, refetch } = query;
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        facts={data === undefined ? null : facts?.(data)}
        actions={actions}
      />
      <TabStrip label="Administration" current={here?.to} wraps>
        {pages
          .filter(({ permission }) => may(permission))
          .map(({ to, label }) => (
            <TabLink key={to} to={to} current={to === here?.to ? 'page' : undefined}>
              {label}
            </TabLink>
          ))}
      </TabStrip>
      {error && data !== undefined ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      {data !== undefined ? (
        children(data)
      ) : error instanceof ApiError && error.status === 403 ? (
        <EmptyState title="This is not for you to see" action={<AppLink to="/">Home</AppLink>}>
          {error.message}. {error.fix}
        </EmptyState>
      ) : error ? (
        <ErrorState error={error} what={`${title} could not be read`} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} label={`Loading ${title.toLowerCase()}`} />
      )}
    </>
  );
}
