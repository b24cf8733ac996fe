import { IconCheck } from '@tabler/icons-react';
import { memo, useState, type ReactNode } from 'react';
import type { FacetCount } from '../api.ts';
import { useBrief } from '../briefs.ts';
import { nameOf, readRef, shortRef } from '../entity.ts';
import { cleanSearch, facets, toggleFacet, writeFilters, type CatalogFilters } from '../filters.ts';
import { AppLink, grouped } from '../../../core/ui/index.ts';
import classes from './Facets.module.css';

const shown = 7;
/** One more than is shown asks for a click to see one line: then it is shown at once. */
const shownAtMost = 10;
const filterFrom = 15;

type FacetsProps = { filters: CatalogFilters; counts: Record<string, FacetCount[]> | undefined };

/** What there is to choose, with the figure that a click would give. */
export const Facets = memo(function Facets({ filters, counts }: FacetsProps) {
  return (
    <>
      {facets.map(({ id, label }) => {
        const values = counts?.[id];
        // Most portals have one namespace: a list of one thing asks nothing.
        if (id === 'namespace' && filters.chosen[id].length === 0 && (values?.length ?? 0) < 2) return null;
        return (
          <Facet
            key={id}
            label={label}
            counts={values}
            chosen={filters.chosen[id]}
            renderLabel={id === 'owner' ? (value) => <OwnerName entityRef={value} /> : undefined}
            change={(value) => toggleFacet(filters, id, value)}
          />
        );
      })}
    </>
  );
});

/** An owner's name; read from the reference until the portal has said it. */
export function OwnerName({ entityRef }: { entityRef: string }) {
  const { data } = useBrief(entityRef);
  const ref = readRef(entityRef, 'group', 'default');
  return data ? nameOf(data) : ref ? shortRef(ref) : entityRef;
}

type FacetProps = {
  label: string;
  counts: FacetCount[] | undefined;
  chosen: string[];
  renderLabel?: ((value: string) => ReactNode) | undefined;
  change: (value: string) => CatalogFilters;
};

function Facet({ label, counts, chosen, renderLabel, change }: FacetProps) {
  const [all, setAll] = useState(false);
  const [text, setText] = useState('');
  const isChosen = (value: string) => chosen.some((other) => other.toLowerCase() === value.toLowerCase());
  const known = counts ?? [];
  // A choice without results stays in sight, so that it can be taken back.
  const gone = chosen.filter((value) => !known.some((other) => other.value.toLowerCase() === value.toLowerCase()));
  // A choice deep in a long list comes to its top; in a short one nothing moves under the pointer.
  const isLong = known.length + gone.length > shownAtMost;
  const values = [...gone.map((value) => ({ value, count: 0 })), ...known].toSorted(
    (a, b) =>
      Number(isLong && isChosen(b.value)) - Number(isLong && isChosen(a.value)) ||
      b.count - a.count ||
      a.value.localeCompare(b.value),
  );
  if (counts !== undefined && values.length === 0) return null;
  const matching =
    text === '' ? values : values.filter(({ value }) => value.toLowerCase().includes(text.toLowerCase()));
  const few = matching.length <= shownAtMost;
  const visible = all || few ? matching : matching.slice(0, Math.max(shown, chosen.length));
  return (
    <section className={classes.facet} aria-label={label}>
      <h2 className={classes.label}>{label}</h2>
      {counts === undefined ? (
        <div className={classes.waiting} />
      ) : (
        <>
          {all && values.length >= filterFrom ? (
            <input
              className={classes.filter}
              type="search"
              aria-label={`Filter the list ${label}`}
              placeholder="Filter"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          ) : null}
          <ul className={all ? classes.long : undefined}>
            {visible.map(({ value, count }) => (
              <li key={value}>
                <AppLink
                  to="."
                  search={cleanSearch(writeFilters(change(value)))}
                  resetScroll={false}
                  className={classes.value}
                  current={isChosen(value) ? 'true' : undefined}
                  title={value}
                >
                  <span className={classes.box} aria-hidden="true">
                    {isChosen(value) ? <IconCheck size="0.75rem" stroke={3} /> : null}
                  </span>
                  <span className={classes.name}>{renderLabel ? renderLabel(value) : value}</span>
                  <span className={classes.count}>{grouped(count)}</span>
                </AppLink>
              </li>
            ))}
          </ul>
          {few ? null : (
            <button type="button" className={classes.more} onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? 'Show fewer' : `Show all ${matching.length}`}
            </button>
          )}
        </>
      )}
    </section>
  );
}
