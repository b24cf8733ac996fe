import { CloseButton, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import {
  LinkButton,
  count,
  EmptyState,
  ErrorState,
  PageHeader,
  SkeletonRows,
  StaleNote,
  useNarrow,
} from '../../../core/ui/index.ts';
import { facetsQuery, kindsQuery, listQuery } from '../api.ts';
import { columnsFor } from '../columns.tsx';
import {
  cleanSearch,
  facets,
  isNarrowed,
  noFilters,
  readFilters,
  writeFilters,
  type CatalogFilters,
} from '../filters.ts';
import { useKinds } from '../kinds.ts';
import { CatalogTable } from '../parts/CatalogTable.tsx';
import { ChosenFilters } from '../parts/ChosenFilters.tsx';
import { Facets } from '../parts/Facets.tsx';
import classes from './CatalogPage.module.css';

/** The list of everything, narrowed by what the URL says. */
export const CatalogPage = () => <EntityList title="Catalog" />;

type EntityListProps = {
  title: string;
  /** The page is about this kind only. */
  fixedKind?: string;
};

/** A list of entities with its filters; other features have lists of their kinds. */
export function EntityList({ title, fixedKind }: EntityListProps) {
  const search = useSearch({ strict: false });
  const filters = useMemo((): CatalogFilters => {
    const read = readFilters(search);
    return fixedKind ? { ...read, kind: fixedKind } : read;
  }, [search, fixedKind]);
  const kinds = useKinds();
  const definition = filters.kind ? kinds.find(filters.kind) : undefined;
  const columns = useMemo(() => columnsFor(definition), [definition]);
  const fields = useMemo(() => columns.map(({ path }) => path), [columns]);
  const first = useQuery({ ...listQuery(filters, 0, fields), placeholderData: (before) => before });
  const counts = useQuery(facetsQuery(filters));
  const heading = filters.kind && !fixedKind ? kinds.pluralOf(filters.kind) : title;
  const total = first.data?.totalItems;
  const narrow = useNarrow(60);
  const chosen = facets.reduce((sum, { id }) => sum + filters.chosen[id].length, filters.kind && !fixedKind ? 1 : 0);
  const choices = <Facets filters={filters} counts={counts.data} fixedKind={fixedKind !== undefined} />;

  return (
    <>
      <PageHeader
        title={heading}
        facts={
          <span role="status">
            {total === undefined
              ? null
              : count(total, isNarrowed(filters) ? 'result' : 'entity', isNarrowed(filters) ? 'results' : 'entities')}
          </span>
        }
        description={
          definition?.description ??
          (fixedKind ? undefined : 'Everything the portal knows: software, APIs, teams and people.')
        }
        actions={
          <LinkButton to="/catalog-import" leftSection={<IconPlus size="0.875rem" />}>
            Register location
          </LinkButton>
        }
      />
      <div className={classes.layout}>
        <aside className={classes.facets} aria-label="Filters">
          {narrow ? (
            <details className={classes.fold}>
              <summary>
                <IconAdjustmentsHorizontal size="1rem" aria-hidden /> Filters
                {chosen > 0 ? ` (${chosen})` : null}
              </summary>
              {choices}
            </details>
          ) : (
            choices
          )}
        </aside>
        <section className={classes.list} aria-label={heading}>
          <div className={classes.toolbar}>
            <TextFilter filters={filters} />
            <ChosenFilters filters={filters} fixedKind={fixedKind} />
          </div>
          {first.error && first.data ? <StaleNote error={first.error} onRetry={() => void first.refetch()} /> : null}
          {first.error && !first.data ? (
            <ErrorState error={first.error} what="The list could not be read" onRetry={() => void first.refetch()} />
          ) : total === undefined ? (
            <SkeletonRows rows={16} label="Loading the list" />
          ) : total === 0 ? (
            <NothingFound filters={filters} />
          ) : (
            <CatalogTable filters={filters} columns={columns} fields={fields} total={total} label={heading} />
          )}
        </section>
      </div>
    </>
  );
}

function TextFilter({ filters }: { filters: CatalogFilters }) {
  const navigate = useNavigate();
  const [text, setText] = useState(filters.text);
  const [sent, setSent] = useState(filters.text);
  // The back button, or a link, changed the URL under the field.
  if (filters.text !== sent) {
    setSent(filters.text);
    setText(filters.text);
  }
  useEffect(() => {
    if (text.trim() === filters.text) return;
    const timer = setTimeout(() => {
      setSent(text.trim());
      void navigate({
        to: '.',
        search: cleanSearch(writeFilters({ ...filters, text: text.trim() })),
        replace: true,
        resetScroll: false,
      });
    }, 120);
    return () => clearTimeout(timer);
  }, [text, filters, navigate]);
  return (
    <TextInput
      className={classes.text}
      type="search"
      size="xs"
      aria-label="Filter by text"
      placeholder="Filter by name, title, description or tag"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      leftSection={<IconSearch size="0.875rem" aria-hidden />}
      rightSection={
        text === '' ? null : <CloseButton size="xs" aria-label="Clear the text filter" onClick={() => setText('')} />
      }
    />
  );
}

function NothingFound({ filters }: { filters: CatalogFilters }) {
  const kinds = useQuery(kindsQuery);
  const known = kinds.data?.items.reduce((sum, { count: each }) => sum + each, 0) ?? 0;
  const chosen =
    facets.reduce((sum, { id }) => sum + filters.chosen[id].length, 0) +
    Number(filters.text !== '') +
    Number(filters.kind !== '');
  if (known > 0 && chosen > 0)
    return (
      <EmptyState
        title="Nothing fits all of these filters"
        action={
          <LinkButton to="." search={cleanSearch(writeFilters({ ...noFilters(), sort: filters.sort }))}>
            Clear all filters
          </LinkButton>
        }
      >
        The catalog has {count(known, 'entity', 'entities')}, and none is left after {count(chosen, 'filter')}.
      </EmptyState>
    );
  return (
    <EmptyState title="The catalog is empty" action={<LinkButton to="/catalog-import">Register location</LinkButton>}>
      No source has brought an entity yet. Register the address of a descriptor or a repository.
    </EmptyState>
  );
}
