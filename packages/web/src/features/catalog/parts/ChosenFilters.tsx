import { IconX } from '@tabler/icons-react';
import { cleanSearch, facets, toggleFacet, withoutFilters, writeFilters, type CatalogFilters } from '../filters.ts';
import classes from './ChosenFilters.module.css';
import { AppLink, Spoken } from '../../../core/ui/index.ts';
import { OwnerName } from './Facets.tsx';

/** What narrows the list, each with a way to take it back. */
export function ChosenFilters({ filters }: { filters: CatalogFilters }) {
  const chosen = facets.flatMap((facet) => filters.chosen[facet.id].map((value) => ({ ...facet, value })));
  if (chosen.length === 0) return null;
  const link = (next: CatalogFilters) => cleanSearch(writeFilters(next));
  return (
    <ul className={classes.chosen} aria-label="Chosen filters">
      {chosen.map(({ id, label, value }) => (
        <li key={`${id} ${value}`}>
          <AppLink to="." search={link(toggleFacet(filters, id, value))} resetScroll={false} className={classes.chip}>
            <Spoken>Remove the filter </Spoken>
            <span className={classes.label}>{label}</span>
            <span className={classes.value}>{id === 'owner' ? <OwnerName entityRef={value} /> : value}</span>
            <IconX size="0.75rem" aria-hidden />
          </AppLink>
        </li>
      ))}
      <li>
        <AppLink to="." search={link(withoutFilters(filters))} resetScroll={false} className={classes.clear}>
          Clear all
        </AppLink>
      </li>
    </ul>
  );
}
