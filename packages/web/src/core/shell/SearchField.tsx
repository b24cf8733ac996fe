import { useNavigate, useRouterState } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import type { SyntheticEvent } from 'react';
import classes from './SearchField.module.css';

/** Finds entities from any page: the answer is the catalog, filtered. */
export function SearchField() {
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('q');
    if (typeof text === 'string' && text.trim() !== '') void navigate({ to: '/catalog', search: { q: text.trim() } });
  };
  // Home and the lists have a larger field of their own; two would ask which one to use.
  if (pathname === '/' || pathname === '/catalog' || pathname === '/api-docs') return null;
  return (
    <form role="search" action="/catalog" className={classes.form} onSubmit={submit}>
      <IconSearch size="0.875rem" aria-hidden />
      <input
        name="q"
        type="search"
        placeholder="Search the catalog"
        aria-label="Search the catalog"
        autoComplete="off"
      />
    </form>
  );
}
