import { useRouterState } from '@tanstack/react-router';
import { LinkButton, EmptyState, PageHeader } from '../ui/index.ts';

/** An address that no page has. The last word of it is the best guess at what was looked for. */
export function NotFoundPage() {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const guess = decodeURIComponent(pathname.split('/').filter(Boolean).at(-1) ?? '');
  return (
    <>
      <PageHeader title="No such page" />
      <EmptyState
        title={`Nothing is at ${pathname}`}
        action={
          <>
            {guess ? (
              <LinkButton to="/catalog" search={{ q: guess }}>
                Look for “{guess}” in the catalog
              </LinkButton>
            ) : null}
            <LinkButton to="/" variant="default">
              Go home
            </LinkButton>
          </>
        }
      >
        The address may be mistyped, or belong to a part of the portal that is not installed.
      </EmptyState>
    </>
  );
}
