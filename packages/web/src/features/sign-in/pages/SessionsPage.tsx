import { useQuery } from '@tanstack/react-query';
import { AdminPage } from '../../../core/administration/index.ts';
import { count, EmptyState } from '../../../core/ui/index.ts';
import { allSessionsQuery } from '../api.ts';
import { Sessions } from '../parts/tables.tsx';

/** Everybody who is signed in. */
export function SessionsPage() {
  return (
    <AdminPage
      title="Sessions"
      description="Browsers in which somebody is signed in."
      query={useQuery(allSessionsQuery)}
      facts={({ items }) => count(items.length, 'session')}
    >
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="Nobody is signed in">Sessions appear here when people sign in.</EmptyState>
        ) : (
          <Sessions items={items} all />
        )
      }
    </AdminPage>
  );
}
