import { useQuery } from '@tanstack/react-query';
import { useParams, useRouterState } from '@tanstack/react-router';
import { AdminPage } from '../administration/index.ts';
import { NotFoundPage } from '../shell/NotFoundPage.tsx';
import { EmptyState, ErrorState, LinkButton, PageHeader, SkeletonRows } from '../ui/index.ts';
import { webPluginsQuery } from './api.ts';
import { Contribution } from './Contribution.tsx';
import { pageAt } from './page-path.ts';

/** The page of a plugin at this address, or undefined with what to show instead. */
function usePage() {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const query = useQuery(webPluginsQuery);
  const { data, error, refetch } = query;
  const found = data && pageAt(data.items, pathname);
  const plugin = found && data.items.find(({ id }) => id === found.plugin);
  const waiting = data ? null : error ? (
    <>
      <PageHeader title="Plugin" />
      <ErrorState error={error} what="The plugins could not be read" onRetry={() => void refetch()} />
    </>
  ) : (
    <SkeletonRows rows={8} label="Loading the page" />
  );
  const shown =
    found && plugin ? (
      <>
        <PageHeader
          title={found.page.title}
          description={found.page.description}
          facts={plugin.title === found.page.title ? undefined : `by ${plugin.title}`}
        />
        <Contribution
          key={`${plugin.id} ${found.page.id}`}
          plugin={plugin}
          part={{ kind: 'page', ...found.page }}
          props={{ path: found.rest }}
        />
      </>
    ) : undefined;
  return shown ?? waiting ?? undefined;
}

/** `/plugins/<plugin>/<page>` */
export function PluginPage() {
  const { plugin = '' }: { plugin?: string } = useParams({ strict: false });
  const installed = useQuery(webPluginsQuery).data?.items.find(({ id }) => id === plugin);
  return (
    usePage() ?? (
      <>
        <PageHeader title={installed?.title ?? plugin} />
        <EmptyState
          title={installed ? `${installed.title} ${installed.version} has no such page` : `No plugin ${plugin} is on`}
          action={<LinkButton to="/">Go home</LinkButton>}
        >
          {installed
            ? 'The page may have been in another version.'
            : 'It may have been removed or disabled. Whoever runs the portal finds it in Admin → Plugins.'}
        </EmptyState>
      </>
    )
  );
}

/** An address that no page of the portal has: a plugin may declare it. */
export function PageAtPath() {
  return usePage() ?? <NotFoundPage />;
}

/** `/admin/plugins/<plugin>/pages/<page>` */
export function PluginAdminPage() {
  const { plugin: id = '', page: pageId = '' }: { plugin?: string; page?: string } = useParams({ strict: false });
  const query = useQuery(webPluginsQuery);
  const plugin = query.data?.items.find((each) => each.id === id);
  const page = plugin?.contributes.adminPages?.find((each) => each.id === pageId);
  return (
    <AdminPage title={page?.title ?? 'Plugin'} description={page?.description ?? ''} query={query}>
      {() =>
        plugin && page ? (
          <Contribution plugin={plugin} part={{ kind: 'admin page', ...page }} />
        ) : (
          <EmptyState
            title={`No enabled plugin has the page ${id}/${pageId}`}
            action={<LinkButton to="/admin/plugins">See the plugins</LinkButton>}
          />
        )
      }
    </AdminPage>
  );
}
