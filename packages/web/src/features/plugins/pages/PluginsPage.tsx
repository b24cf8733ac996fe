import type { PluginSummary } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { May } from '../../../core/session/index.ts';
import { AppLink, count, EmptyState, LinkButton, RelativeTime, Status } from '../../../core/ui/index.ts';
import { pluginsQuery } from '../api.ts';
import { bytesOf, placeOf, stateOf } from '../words.ts';

const figure = (value: number | undefined, unit = '') =>
  value === undefined ? '—' : `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })}${unit}`;

const columns: Column<PluginSummary>[] = [
  {
    label: 'Plugin',
    cell: (plugin) => (
      <>
        <AppLink to="/admin/plugins/$id" params={{ id: plugin.id }}>
          {plugin.title}
        </AppLink>
        <div className={adminClasses.second}>
          {plugin.firstParty ? `${plugin.id}, came with the portal` : plugin.id}
        </div>
      </>
    ),
  },
  {
    label: 'State',
    cell: (plugin) => (
      <>
        <Status {...stateOf(plugin)} />
        {plugin.reason ? <div className={adminClasses.second}>{plugin.reason}</div> : null}
      </>
    ),
  },
  { label: 'Version', cell: ({ version }) => version, className: 'nowrap' },
  {
    label: 'Runs',
    cell: (plugin) => (
      <>
        {placeOf(plugin)}
        {plugin.metrics.memory === undefined ? null : (
          <div className={adminClasses.second}>
            {bytesOf(plugin.metrics.memory)}, {figure((plugin.metrics.cpuMs ?? 0) / 1000, ' s of processor time')}
          </div>
        )}
      </>
    ),
  },
  { label: 'Calls', cell: ({ metrics }) => figure(metrics.calls), className: 'figure' },
  { label: 'p50', cell: ({ metrics }) => figure(metrics.p50Ms, '\u00a0ms'), className: 'figure' },
  { label: 'p99', cell: ({ metrics }) => figure(metrics.p99Ms, '\u00a0ms'), className: 'figure' },
  { label: 'Errors', cell: ({ metrics }) => figure(metrics.errors), className: 'figure' },
  {
    label: 'Changed',
    cell: ({ updatedAt }) => (updatedAt ? <RelativeTime at={updatedAt} /> : '—'),
    className: 'nowrap',
  },
];

/** Every plugin: whether it is on, where it runs, and what it costs. */
export function PluginsPage() {
  return (
    <AdminPage
      title="Plugins"
      description="What is installed, where it runs, and what it costs. Figures are those of this process since it started."
      query={useQuery(pluginsQuery)}
      facts={({ items }) => count(items.length, 'plugin')}
      actions={
        <May permission="plugins.manage">
          <LinkButton to="/admin/plugins/-/preview" variant="default">
            Try a view
          </LinkButton>
          <LinkButton to="/admin/plugins/-/add">Add a plugin</LinkButton>
        </May>
      }
    >
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            title="There is no plugin yet"
            action={
              <May permission="plugins.manage">
                <LinkButton to="/admin/plugins/-/add">Add a plugin</LinkButton>
              </May>
            }
          >
            A plugin is installed while the portal runs: from a tarball, by its name, or from an address. You see what
            it asks for before it gets anything.
          </EmptyState>
        ) : (
          <Table label="Plugins" rows={items} rowKey={({ id }) => id} columns={columns} />
        )
      }
    </AdminPage>
  );
}
