import { useQuery } from '@tanstack/react-query';
import { AdminPage } from '../../../core/administration/index.ts';
import { count, EmptyState } from '../../../core/ui/index.ts';
import { allTokensQuery } from '../api.ts';
import { NewToken } from '../parts/NewToken.tsx';
import { Tokens } from '../parts/tables.tsx';

/** Every key to the API. */
export function TokensPage() {
  return (
    <AdminPage
      title="Tokens"
      description="Keys to the API: those of programs, and those that people made for themselves."
      query={useQuery(allTokensQuery)}
      facts={({ items }) => count(items.length, 'token')}
    >
      {({ items }) => (
        <>
          <NewToken service />
          {items.length === 0 ? (
            <EmptyState title="There is no token">
              Make one for a program here; people make their own in Settings.
            </EmptyState>
          ) : (
            <Tokens items={items} all />
          )}
        </>
      )}
    </AdminPage>
  );
}
