import type { PluginDetail } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { AdminPage, adminClasses, type Column, Table } from '../../../core/administration/index.ts';
import { May } from '../../../core/session/index.ts';
import { Copyable, LinkButton, RelativeTime, Status, type StatusLevel } from '../../../core/ui/index.ts';
import { pluginQuery, remove, setState, setVersion } from '../api.ts';
import { Adds, Reach } from '../parts/Adds.tsx';
import { Confirm } from '../parts/Confirm.tsx';
import { ConfigurationForm, GrantsForm } from '../parts/Forms.tsx';
import { bytesOf, placeOf, stateOf } from '../words.ts';
import classes from '../plugins.module.css';

const headFacts = (plugin: PluginDetail) => (
  <>
    <Status {...stateOf(plugin)} /> <span>{plugin.version}</span>
  </>
);

/** Everything about one plugin, and everything that can be done with it. */
export function PluginDetailPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const query = useQuery(pluginQuery(id));
  const { data } = query;
  return (
    <AdminPage
      title={data?.title ?? id}
      description={data?.description ?? ''}
      query={query}
      facts={headFacts}
      actions={
        data ? (
          <May permission="plugins.manage">
            <Actions plugin={data} />
          </May>
        ) : null
      }
    >
      {(plugin) => (
        <>
          {plugin.reason ? (
            <p className={classes.reason} role="status">
              <Status {...stateOf(plugin)} /> {plugin.reason}
            </p>
          ) : null}
          <Facts plugin={plugin} />
          <h2 className={adminClasses.heading}>It may</h2>
          <GrantsForm key={`grants ${plugin.version}`} plugin={plugin} />
          {plugin.secrets.length > 0 ? <Secrets plugin={plugin} /> : null}
          {plugin.manifest.configuration ? (
            <>
              <h2 className={adminClasses.heading}>Configuration</h2>
              <ConfigurationForm key={`configuration ${plugin.version}`} plugin={plugin} />
            </>
          ) : null}
          <h2 className={adminClasses.heading}>It adds</h2>
          <Adds contributes={plugin.manifest.contributes ?? {}} />
          <Reach id={plugin.id} contributes={plugin.manifest.contributes ?? {}} />
          {plugin.versions.length > 0 ? <Versions plugin={plugin} /> : null}
          <Messages plugin={plugin} />
        </>
      )}
    </AdminPage>
  );
}

function Actions({ plugin }: { plugin: PluginDetail }) {
  const navigate = useNavigate();
  const { id, title, state, firstParty } = plugin;
  return (
    <>
      {state === 'enabled' ? (
        <Confirm
          label="Disable"
          of={title}
          says="What it adds goes away at once for everybody; its values stay."
          does={() => setState(id, 'disable')}
        />
      ) : (
        <Confirm
          label="Enable"
          of={title}
          disabled={state === 'incompatible'}
          says={
            state === 'quarantined' ? 'It gets another try; after repeated crashes it is taken out again.' : undefined
          }
          does={() => setState(id, 'enable')}
        />
      )}
      {firstParty ? null : (
        <>
          <LinkButton to="/admin/plugins/-/add" variant="default" size="compact-xs">
            Update
          </LinkButton>
          <Confirm
            label="Remove"
            of={title}
            danger
            says="All its versions and its values are deleted. This cannot be undone."
            does={() => remove(id)}
            onDone={() => void navigate({ to: '/admin/plugins' })}
          />
        </>
      )}
    </>
  );
}

function Facts({ plugin }: { plugin: PluginDetail }) {
  const { metrics, sha256 } = plugin;
  const figure = (value: number) => value.toLocaleString('en-US');
  const ms = (value: number | undefined) =>
    value === undefined ? '—' : `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} ms`;
  const facts: [string, React.ReactNode][] = [
    ['Runs', placeOf(plugin)],
    ...(metrics.memory === undefined ? [] : [['Memory', bytesOf(metrics.memory)] as [string, string]]),
    ...(metrics.cpuMs === undefined
      ? []
      : [['Processor time', `${(metrics.cpuMs / 1000).toFixed(1)} s`] as [string, string]]),
    ['Calls', `${figure(metrics.calls)}, ${figure(metrics.errors)} of them failed`],
    ['Answers within', `${ms(metrics.p50Ms)} (p50), ${ms(metrics.p99Ms)} (p99)`],
    ['Starts', `${figure(metrics.starts)}, ${figure(metrics.crashes)} crashes`],
    ['Contract', plugin.manifest.engine],
    ...(sha256
      ? [['SHA-256', <Copyable key="sha" text={sha256} label="Copy the SHA-256" />] as [string, React.ReactNode]]
      : []),
    ...(plugin.updatedAt
      ? [['Changed', <RelativeTime key="at" at={plugin.updatedAt} />] as [string, React.ReactNode]]
      : []),
  ];
  return (
    <dl className={adminClasses.facts}>
      {facts.map(([name, value]) => (
        <FactLine key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

const FactLine = ({ name, value }: { name: string; value: React.ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

function Secrets({ plugin }: { plugin: PluginDetail }) {
  return (
    <>
      <h2 className={adminClasses.heading}>Secrets</h2>
      <ul className={classes.adds}>
        {plugin.secrets.map(({ name, isSet, granted }) => (
          <li key={name}>
            <code>{name}</code>{' '}
            <Status
              level={isSet && granted ? 'ok' : 'warning'}
              label={isSet ? (granted ? 'Set and granted' : 'Set, not granted') : 'Not set'}
            />{' '}
            {isSet ? null : (
              <span className={classes.second}>
                Set{' '}
                <code>
                  plugins.secrets.{plugin.id}.{name}
                </code>{' '}
                in the configuration of the portal.
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A kept version, and the plugin that it may be put to use in. */
type Kept = PluginDetail['versions'][number] & { plugin: PluginDetail };

const versionColumns: Column<Kept>[] = [
  { label: 'Version', cell: ({ version }) => version, className: 'nowrap' },
  { label: 'Came from', cell: ({ origin }) => origin },
  { label: 'Size', cell: ({ size }) => bytesOf(size), className: 'nowrap' },
  { label: 'SHA-256', cell: ({ sha256 }) => <span title={sha256}>{sha256.slice(0, 12)}…</span>, className: 'code' },
  { label: 'Installed', cell: ({ installedAt }) => <RelativeTime at={installedAt} />, className: 'nowrap' },
  {
    label: 'Use',
    cell: ({ version, plugin }) =>
      version === plugin.version ? (
        <Status level="ok" label="In use" />
      ) : (
        <May permission="plugins.manage">
          <Confirm
            label="Use"
            of={version}
            says={`Everybody gets ${version} at once. Grants, configuration and values stay.`}
            does={() => setVersion(plugin.id, version)}
          />
        </May>
      ),
  },
];

function Versions({ plugin }: { plugin: PluginDetail }) {
  const rows = plugin.versions.map((version) => ({ ...version, plugin }));
  return (
    <>
      <h2 className={adminClasses.heading}>Versions</h2>
      <Table label="Versions" rows={rows} rowKey={({ version }) => version} columns={versionColumns} />
    </>
  );
}

const levels: Record<string, { level: StatusLevel; label: string }> = {
  warning: { level: 'warning', label: 'Warning' },
  error: { level: 'failing', label: 'Error' },
};

function Messages({ plugin }: { plugin: PluginDetail }) {
  return (
    <>
      <h2 className={adminClasses.heading}>Messages</h2>
      {plugin.messages.length === 0 ? (
        <p className={classes.second}>It has said nothing on this process of the portal.</p>
      ) : (
        <ol className={classes.messages} aria-label="Messages">
          {plugin.messages.slice(0, 100).map(({ at, level, text }, index) => (
            <li key={index}>
              <span className={classes.second}>
                <RelativeTime at={at} />
              </span>
              <span>
                {levels[level] ? <Status {...levels[level]} /> : null} {text}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
