import { IconSearch, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { memo, useEffect, useState } from 'react';
import { AppLink, grouped, smallIconButton } from '../../../core/ui/index.ts';
import type { FacetCount } from '../api.ts';
import {
  chooseKind,
  cleanSearch,
  groupings,
  shows,
  writeFilters,
  type CatalogFilters,
  type Grouping,
  type Show,
} from '../filters.ts';
import { useKinds } from '../kinds.ts';
import classes from './Toolbar.module.css';

const showWords: Record<Show, string> = { owned: 'Owned', starred: 'Starred', all: 'All' };
const groupWords: Record<Grouping, string> = { '': 'Not grouped', owner: 'Owner', system: 'System', domain: 'Domain' };

type ToolbarProps = { filters: CatalogFilters; kinds: FacetCount[] | undefined; fixedKind: boolean };

/** The questions that every list has: of which kind, whose, with which words, in which groups. */
export const Toolbar = memo(function Toolbar({ filters, kinds, fixedKind }: ToolbarProps) {
  const navigate = useNavigate();
  const go = (next: CatalogFilters) =>
    void navigate({ to: '.', search: cleanSearch(writeFilters(next)), resetScroll: false });
  return (
    <div className={classes.toolbar}>
      {fixedKind ? null : <KindChoice filters={filters} counts={kinds} go={go} />}
      <nav className={classes.shows} aria-label="Whose">
        {shows.map((show) => (
          <AppLink
            key={show}
            to="."
            // Few things have a star: of whatever kind they are, they are shown together.
            search={cleanSearch(
              writeFilters({ ...filters, show, kind: show === 'starred' && !fixedKind ? '' : filters.kind }),
            )}
            resetScroll={false}
            current={filters.show === show ? 'true' : undefined}
            className={classes.show}
          >
            {showWords[show]}
          </AppLink>
        ))}
      </nav>
      <TextFilter filters={filters} />
      <label className={classes.choice}>
        <span>Group by</span>
        <select
          value={filters.group}
          onChange={(event) => go({ ...filters, group: event.currentTarget.value as Grouping })}
        >
          {groupings.map((group) => (
            <option key={group} value={group}>
              {groupWords[group]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
});

type KindChoiceProps = {
  filters: CatalogFilters;
  counts: FacetCount[] | undefined;
  go: (next: CatalogFilters) => void;
};

function KindChoice({ filters, counts = [], go }: KindChoiceProps) {
  const { titleOf } = useKinds();
  const kind = filters.kind ?? '';
  const known = counts.some(({ value }) => value.toLowerCase() === kind);
  const options = kind === '' || known ? counts : [{ value: kind, count: 0 }, ...counts];
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const label = (title: string, count: number) => `${title} (${grouped(count)})`;
  return (
    <>
      <label className={classes.choice}>
        <span>Kind</span>
        <select value={kind} onChange={(event) => go(chooseKind(filters, event.currentTarget.value))}>
          <option value="">{counts.length === 0 ? 'All kinds' : label('All kinds', all)}</option>
          {options.map(({ value, count }) => (
            <option key={value} value={value.toLowerCase()}>
              {counts.length === 0 ? titleOf(value) : label(titleOf(value), count)}
            </option>
          ))}
        </select>
      </label>
      {kind === '' ? null : (
        <AppLink
          to="."
          search={cleanSearch(writeFilters(chooseKind(filters, '')))}
          resetScroll={false}
          className={classes.all}
        >
          All kinds
        </AppLink>
      )}
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
    <span className={classes.text}>
      <IconSearch size="0.875rem" aria-hidden />
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Filter by name, title, description or tag"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {text === '' ? null : (
        <button
          type="button"
          className={smallIconButton}
          aria-label="Clear the text filter"
          onClick={() => setText('')}
        >
          <IconX size="0.875rem" aria-hidden />
        </button>
      )}
    </span>
  );
}
