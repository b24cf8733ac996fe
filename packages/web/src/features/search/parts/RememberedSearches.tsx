import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { AppLink } from '../../../core/ui/index.ts';
import { parseSearch } from '../../../core/router/index.ts';
import type { Remembered } from '../remembered.ts';
import classes from './RememberedSearches.module.css';

const examples = ['kind:api tag:rest', 'owner:booking', '"required by law"', 'POST /bookings'];

/** Before anything is typed: what was searched before, what was saved, and what one may type. */
export function RememberedSearches(props: {
  recent: Remembered[];
  saved: Remembered[];
  forget: (search: Remembered) => void;
}) {
  const { recent, saved, forget } = props;
  return (
    <div className={classes.lists}>
      {saved.length > 0 ? (
        <section aria-label="Saved searches">
          <h2 className={classes.heading}>Saved</h2>
          <ul>
            {saved.map((search) => (
              <li key={search.href} className={classes.line}>
                <SearchLink search={search} />
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={`Forget the saved search ${describe(search)}`}
                  onClick={() => forget(search)}
                >
                  <IconX size="0.875rem" aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {recent.length > 0 ? (
        <section aria-label="Recent searches">
          <h2 className={classes.heading}>Recent</h2>
          <ul>
            {recent.map((search) => (
              <li key={search.href} className={classes.line}>
                <SearchLink search={search} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section aria-label="Examples">
        <h2 className={classes.heading}>For example</h2>
        <ul>
          {examples.map((term) => (
            <li key={term} className={classes.line}>
              <AppLink to="/search" search={{ query: term }}>
                {term}
              </AppLink>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const queryOf = ({ href }: Remembered) => parseSearch(href.slice('/search'.length));

/** The words, and after them what narrowed them. */
function describe(search: Remembered): string {
  const filters = Object.entries(queryOf(search))
    .filter(([name]) => name !== 'query')
    .map(([, value]) => [value].flat().join(', '));
  return [search.term, ...filters].filter(Boolean).join(' · ');
}

const SearchLink = ({ search }: { search: Remembered }) => (
  <AppLink to="/search" search={queryOf(search)}>
    {describe(search)}
  </AppLink>
);
