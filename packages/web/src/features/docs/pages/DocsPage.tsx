import type { DocsSummary } from '@callboard/model/http';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { StarButton, useFollowedTeams, usePrincipal, useRecent, useStarred } from '../../../core/session/index.ts';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  StaleNote,
  Status,
} from '../../../core/ui/index.ts';
import { EntityLink, KindIcon } from '../../catalog/index.ts';
import { docsBase, keyOf, pageAt, refOf } from '../address.ts';
import { ownedQuery, sitesQuery } from '../api.ts';
import { chooseSites, valuesOf } from '../listing.ts';
import { readListing, writeListing, type Listing, type Order, type Show } from '../question.ts';
import { HowToAdd } from '../parts/HowToAdd.tsx';
import classes from './DocsPage.module.css';

const showLabels: Record<Show, string> = { all: 'All', owned: 'Mine', starred: 'Starred', recent: 'Recent' };
const orderLabels: Record<Order, string> = { title: 'Name', changed: 'Last change', problems: 'Problems' };

/** What "mine", "starred" and "recent" are for whoever is here. */
function usePersonal() {
  const principal = usePrincipal();
  const teams = useFollowedTeams();
  const starred = useStarred();
  const recent = useRecent();
  const owners = [principal.data?.entityRef ?? [], teams.refs].flat();
  const owned = useQuery({ ...ownedQuery(owners), enabled: principal.data !== undefined && teams.ready });
  return useMemo(
    () => ({
      owned: new Set(owned.data),
      starred: new Set(starred.refs),
      recent: [
        ...new Set(
          recent.items.flatMap(({ path }) => {
            const page = pageAt(path);
            return page ? [refOf(page.key)] : [];
          }),
        ),
      ],
    }),
    [owned.data, starred.refs, recent.items],
  );
}

/** All documents there are. */
export function DocsPage() {
  const search: Record<string, string> = useSearch({ strict: false });
  const navigate = useNavigate();
  const listing = readListing(search);
  const { data, error, refetch } = useQuery(sitesQuery);
  const personal = usePersonal();
  const change = (next: Partial<Listing>) =>
    void navigate({ to: '/docs', search: writeListing({ ...listing, ...next }), replace: true, resetScroll: false });
  const found = data ? chooseSites(data, listing, personal) : [];
  const header = (
    <PageHeader
      title="Docs"
      facts={<span role="status">{data ? count(found.length, 'site') : null}</span>}
      description="What teams have written beside their code, as it is now."
    />
  );
  if (error && !data)
    return (
      <>
        {header}
        <ErrorState error={error} what="The documents could not be listed" onRetry={() => void refetch()} />
      </>
    );
  if (!data)
    return (
      <>
        {header}
        <SkeletonRows rows={12} label="Loading the documents" />
      </>
    );
  if (data.length === 0)
    return (
      <>
        {header}
        <EmptyState title="No entity has documents yet">
          Documents live beside the code and are shown as they are: Markdown, with or without MkDocs.
        </EmptyState>
        <HowToAdd />
      </>
    );
  return (
    <>
      {header}
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <Toolbar sites={data} listing={listing} change={change} />
      {found.length === 0 ? (
        <EmptyState
          title="No documents here"
          action={
            <LinkButton to="/docs" variant="default">
              Show all {data.length}
            </LinkButton>
          }
        >
          {listing.show === 'owned'
            ? 'Nothing that you or the teams you follow own has documents of these filters.'
            : listing.show === 'starred'
              ? 'No entity with your star has documents of these filters.'
              : listing.show === 'recent'
                ? 'You have opened no documents of these filters lately.'
                : 'No documents match the filters.'}
        </EmptyState>
      ) : (
        <ul className={classes.sites}>
          {found.map((site) => (
            <Row key={site.entityRef} site={site} />
          ))}
        </ul>
      )}
    </>
  );
}

type ToolbarProps = { sites: DocsSummary[]; listing: Listing; change: (next: Partial<Listing>) => void };

function Toolbar({ sites, listing, change }: ToolbarProps) {
  const choices: { name: 'owner' | 'kind' | 'type'; label: string; values: ReturnType<typeof valuesOf> }[] = [
    {
      name: 'owner',
      label: 'Owner',
      values: valuesOf(sites, ({ owner }) => (owner ? { value: owner.ref, label: owner.name } : undefined)),
    },
    {
      name: 'kind',
      label: 'Kind',
      values: valuesOf(sites, ({ kind }) => ({ value: kind.toLowerCase(), label: kind })),
    },
    {
      name: 'type',
      label: 'Type',
      values: valuesOf(sites, ({ type }) => (type === undefined ? undefined : { value: type, label: type })),
    },
  ];
  return (
    <div className={classes.toolbar}>
      <nav aria-label="Which documents" className={classes.shows}>
        {(Object.keys(showLabels) as Show[]).map((show) => (
          <AppLink
            key={show}
            to="/docs"
            search={writeListing({ ...listing, show })}
            className={classes.show}
            current={listing.show === show ? 'true' : undefined}
            resetScroll={false}
          >
            {showLabels[show]}
          </AppLink>
        ))}
      </nav>
      <label className={classes.text}>
        <IconSearch size="0.875rem" aria-hidden />
        <input
          type="search"
          aria-label="Filter the documents"
          placeholder="Filter by name, owner, tag…"
          value={listing.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </label>
      {choices.map(({ name, label, values }) =>
        values.length < 2 && listing[name] === '' ? null : (
          <label key={name} className={classes.choice}>
            <span>{label}</span>
            <select value={listing[name]} onChange={(event) => change({ [name]: event.currentTarget.value })}>
              <option value="">All</option>
              {values.map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label} ({each.count})
                </option>
              ))}
            </select>
          </label>
        ),
      )}
      <label className={classes.choice}>
        <span>Order</span>
        <select value={listing.order} onChange={(event) => change({ order: event.currentTarget.value as Order })}>
          {(Object.keys(orderLabels) as Order[]).map((order) => (
            <option key={order} value={order}>
              {orderLabels[order]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Row({ site }: { site: DocsSummary }) {
  return (
    <li className={classes.row}>
      <StarButton entityRef={site.entityRef} name={site.title} />
      <KindIcon kind={site.kind} size="1rem" />
      <div className={classes.what}>
        <AppLink to={docsBase(keyOf(site.entityRef))} data-row-link className={classes.name} title={site.entityRef}>
          {site.title}
        </AppLink>
        {site.description ? <span className={classes.description}>{site.description}</span> : null}
      </div>
      <span className={classes.owner}>
        {site.owner ? <EntityLink entityRef={site.owner.ref} icon={false} /> : 'no owner'}
      </span>
      <span className={classes.fact}>{site.pages === undefined ? null : count(site.pages, 'page')}</span>
      <span className={classes.fact}>
        {site.changedAt === undefined ? null : (
          <>
            changed <RelativeTime at={site.changedAt} />
          </>
        )}
      </span>
      <span className={classes.problems}>
        {site.problems > 0 ? (
          <AppLink to={docsBase(keyOf(site.entityRef))} search={{ view: 'report' }}>
            <Status level="warning" label={count(site.problems, 'problem')} />
          </AppLink>
        ) : null}
      </span>
    </li>
  );
}
