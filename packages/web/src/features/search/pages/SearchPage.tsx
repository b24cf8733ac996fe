import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconStar, IconStarFilled } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  FilterFold,
  grouped,
  LinkButton,
  PageHeader,
  SkeletonRows,
  StaleNote,
} from '../../../core/ui/index.ts';
import { facetNames, isNarrowed, readQuestion, toggleType, writeQuestion, type Question } from '../address.ts';
import { reportOpened, resultsQuery } from '../api.ts';
import { FacetLists } from '../parts/FacetLists.tsx';
import { RememberedSearches } from '../parts/RememberedSearches.tsx';
import { Result } from '../parts/Result.tsx';
import { useNames } from '../names.ts';
import { useRemembered } from '../remembered.ts';
import { typeLabels } from '../types.ts';
import classes from './SearchPage.module.css';

const typingMs = 150;

/** Searches everything. What is searched lives in the address. */
export function SearchPage() {
  const search = useSearch({ strict: false });
  const question = useMemo(() => readQuestion(search), [search]);
  const navigate = useNavigate();
  const href = useLocation({ select: (location) => location.href });
  const { recent, saved, remember, save } = useRemembered();
  const asks = question.term !== '' || isNarrowed(question);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery({
    ...resultsQuery(question),
    enabled: asks,
  });
  const list = useRef<HTMLOListElement>(null);
  const go = (next: Question) =>
    void navigate({ to: '/search', search: writeQuestion(next), replace: true, resetScroll: false });

  const first = data?.pages[0];
  const results = data?.pages.flatMap((page) => page.results) ?? [];
  const names = useNames([
    ...results.map(({ document }) => document['owner']).filter((owner) => typeof owner === 'string'),
    ...(['owner', 'system'] as const).flatMap((name) => [
      ...question.chosen[name],
      ...(first?.facets?.[name] ?? []).map(({ value }) => value),
    ]),
  ]);
  const total =
    first &&
    (first.numberIsAtLeast
      ? `${grouped(first.numberOfResults)} or more results`
      : count(first.numberOfResults, 'result'));
  const chosen = facetNames.reduce((sum, name) => sum + question.chosen[name].length, 0);
  const current = { term: question.term, href };
  const isSaved = saved.some((other) => other.href === href);

  /** Arrow keys go from result to result, and back into the field. */
  const move = (event: KeyboardEvent, field?: HTMLInputElement) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a[data-result]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = links[event.key === 'ArrowDown' ? at + 1 : at - 1];
    event.preventDefault();
    if (next) next.focus();
    else if (event.key === 'ArrowUp') (field ?? document.querySelector<HTMLInputElement>('#search-term'))?.focus();
  };

  return (
    <>
      <PageHeader title="Search" facts={<span role="status">{asks ? total : null}</span>} />
      <TermField term={question.term} onChange={(term) => go({ ...question, term })} onKeyDown={move} />
      {!asks ? (
        <RememberedSearches recent={recent} saved={saved} forget={save} />
      ) : error && !first ? (
        <ErrorState error={error} what="The search did not work" onRetry={() => void refetch()} />
      ) : !first ? (
        <SkeletonRows rows={8} label="Searching" />
      ) : (
        <div className={classes.columns}>
          <aside aria-label="Narrow the results">
            {results.length > 0 || chosen > 0 ? (
              <FilterFold limitRem={48} chosen={chosen}>
                <FacetLists question={question} counts={first.facets} names={names} onChange={go} />
              </FilterFold>
            ) : null}
          </aside>
          <div aria-busy={isPlaceholderData}>
            {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
            <div className={classes.bar}>
              <ul className={classes.types} aria-label="Type of result">
                {(first.facets?.['types'] ?? []).map((type) => (
                  <li key={type.value}>
                    <AppLink
                      to="/search"
                      search={writeQuestion(toggleType(question, type.value))}
                      replace
                      resetScroll={false}
                      className={classes.type}
                      current={question.types.includes(type.value) ? 'true' : undefined}
                    >
                      {typeLabels[type.value] ?? type.value}{' '}
                      <span className={classes.count}>{grouped(type.count)}</span>
                    </AppLink>
                  </li>
                ))}
              </ul>
              <Button
                variant="subtle"
                size="compact-sm"
                aria-pressed={isSaved}
                onClick={() => save(current)}
                leftSection={
                  isSaved ? <IconStarFilled size="0.875rem" aria-hidden /> : <IconStar size="0.875rem" aria-hidden />
                }
              >
                {isSaved ? 'Saved' : 'Save this search'}
              </Button>
            </div>
            {first.didYouMean ? (
              <p className={classes.note} role="status">
                Nothing has “{question.term}”. These are the results for{' '}
                <AppLink to="/search" search={writeQuestion({ ...question, term: first.didYouMean })}>
                  {first.didYouMean}
                </AppLink>
                .
              </p>
            ) : null}
            {first.isPartial ? (
              <p className={classes.note} role="status">
                Nothing has all of these words. These results have some of them.
              </p>
            ) : null}
            {results.length === 0 ? (
              <EmptyState
                title="Nothing found"
                action={
                  isNarrowed(question) ? (
                    <LinkButton to="/search" search={{ query: question.term }}>
                      Search without filters
                    </LinkButton>
                  ) : undefined
                }
              >
                Fewer words find more. Names, tags, owners, addresses of operations and words of descriptions are
                searched.
              </EmptyState>
            ) : (
              <ol ref={list} className={classes.results} onKeyDown={(event) => move(event)}>
                {results.map((result) => (
                  <Result
                    key={`${result.type} ${result.key}`}
                    result={result}
                    names={names}
                    onOpen={() => {
                      remember(current);
                      reportOpened(question.term, result);
                    }}
                  />
                ))}
              </ol>
            )}
            {hasNextPage ? (
              <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show more
              </Button>
            ) : null}
          </div>
        </div>
      )}
    </>
  );
}

/** The field; the address follows shortly after the last key. */
function TermField(props: {
  term: string;
  onChange: (term: string) => void;
  onKeyDown: (event: KeyboardEvent, field: HTMLInputElement) => void;
}) {
  const { term, onChange, onKeyDown } = props;
  const [text, setText] = useState(term);
  const known = useRef(term);
  const settle = useDebouncedCallback((typed: string) => {
    known.current = typed.trim();
    onChange(typed.trim());
  }, typingMs);
  useEffect(() => {
    // The address changed by a link or the browser's buttons.
    if (term === known.current) return;
    known.current = term;
    setText(term);
  }, [term]);
  return (
    <TextInput
      id="search-term"
      className={classes.field}
      type="search"
      size="md"
      aria-label="Search"
      placeholder="Names, people, operations, words…  kind:api owner:booking “in this order”"
      value={text}
      maxLength={400}
      // Who comes without a question has come to ask one.
      autoFocus={term === ''}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => {
        setText(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      onKeyDown={(event) => onKeyDown(event, event.currentTarget)}
      leftSection={<IconSearch size="1rem" aria-hidden />}
    />
  );
}
