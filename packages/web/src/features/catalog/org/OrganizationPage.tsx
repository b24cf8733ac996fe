import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count, EmptyState, ErrorState, PageHeader, SkeletonRows } from '../../../core/ui/index.ts';
import { organizationQuery } from '../graph/api.ts';
import { MapTabs } from '../graph/MapTabs.tsx';
import { OrganizationTree } from './OrganizationTree.tsx';
import { treeOf } from './tree.ts';
import classes from './Organization.module.css';

/** Who belongs to whom, and how much each part of the company has. */
export function OrganizationPage() {
  const { data, error, refetch } = useQuery(organizationQuery);
  const tree = useMemo(() => treeOf(data?.groups ?? []), [data]);
  return (
    <>
      <PageHeader
        title="Organization"
        description={
          data
            ? `${count(data.groups.length, 'group')} and ${count(data.people, 'person', 'people')}. Figures include everything below.`
            : 'Groups, people, and what they own.'
        }
      />
      <MapTabs current="/org" />
      {error && !data ? (
        <ErrorState error={error} what="The organization could not be read" onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={12} label="Loading the organization" />
      ) : data.groups.length === 0 ? (
        <EmptyState title="No groups yet">
          Groups come from descriptors of kind Group: describe your teams, or read them from where they are kept.
        </EmptyState>
      ) : (
        <>
          <OrganizationTree key={data.groups.length} tree={tree} size={data.groups.length} />
          {data.withoutGroup > 0 ? (
            <p className={classes.note}>{count(data.withoutGroup, 'person is', 'people are')} in no group.</p>
          ) : null}
        </>
      )}
    </>
  );
}
