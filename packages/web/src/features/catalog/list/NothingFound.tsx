import { useQuery } from '@tanstack/react-query';
import { count, EmptyState, LinkButton } from '../../../core/ui/index.ts';
import { kindsQuery } from '../api.ts';
import { RegisterLink } from '../parts/RegisterLink.tsx';
import { cleanSearch, facets, noFilters, writeFilters, type CatalogFilters } from '../filters.ts';

/** Why a list is empty, and the one next step. */
export function NothingFound({ filters }: { filters: CatalogFilters }) {
  const kinds = useQuery(kindsQuery);
  const known = kinds.data?.items.reduce((sum, { count: each }) => sum + each, 0) ?? 0;
  const others = facets.reduce((sum, { id }) => sum + filters.chosen[id].length, 0) + Number(filters.text !== '');
  const chosen = others + Number(Boolean(filters.kind)) + Number(filters.show !== 'all');
  const everything = cleanSearch(writeFilters({ ...noFilters(), sort: filters.sort, columns: filters.columns }));
  if (known > 0 && filters.show !== 'all' && others === 0)
    return (
      <EmptyState
        title={filters.show === 'owned' ? 'Nothing here is yours' : 'Nothing here has a star'}
        action={
          <LinkButton to="." search={cleanSearch(writeFilters({ ...filters, show: 'all' }))}>
            Show all
          </LinkButton>
        }
      >
        {filters.show === 'owned'
          ? 'Owned is what names you as its owner, or a team that you are in or follow. Teams can be followed on their pages.'
          : 'A star is set beside a name, or with the key s.'}
      </EmptyState>
    );
  if (known > 0 && chosen > 0)
    return (
      <EmptyState
        title="Nothing fits all of these filters"
        action={
          <LinkButton to="." search={everything}>
            Clear all filters
          </LinkButton>
        }
      >
        The catalog has {count(known, 'entity', 'entities')}, and none is left after {count(chosen, 'filter')}.
      </EmptyState>
    );
  return (
    <EmptyState title="The catalog is empty" action={<RegisterLink />}>
      No source has brought an entity yet. Register the address of a descriptor or a repository.
    </EmptyState>
  );
}
