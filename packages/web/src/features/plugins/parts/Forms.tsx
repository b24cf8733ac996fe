import { Button } from '@mantine/core';
import type { PluginDetail, PluginGrants, TestPluginResponse } from '@callboard/model/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { MayOrWhy } from '../../../core/session/index.ts';
import { ErrorState, Status } from '../../../core/ui/index.ts';
import { setConfiguration, setGrants, testConnections } from '../api.ts';
import { faultsOf, finished, type Schema, type Values } from '../schema.ts';
import { asksOf, Grants, stillAsked } from './Grants.tsx';
import { SchemaFields } from './SchemaFields.tsx';
import classes from '../plugins.module.css';

/** A change of a plugin that is made here, and whether it is stored. */
function useSaving<Input>(save: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: () =>
      Promise.all(['plugins', 'plugin-data'].map((topic) => client.invalidateQueries({ queryKey: [topic] }))),
  });
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

function SaveBar({
  label,
  dirty,
  saving,
}: {
  label: string;
  dirty: boolean;
  saving: { isPending: boolean; isSuccess: boolean };
}) {
  return (
    <MayOrWhy permission="plugins.manage">
      <div className={classes.buttons}>
        <Button type="submit" size="xs" disabled={!dirty} loading={saving.isPending}>
          {label}
        </Button>
        <span role="status">{saving.isSuccess && !dirty ? <Status level="ok" label="Saved" /> : null}</span>
      </div>
    </MayOrWhy>
  );
}

/** What a plugin may do, to be changed. */
export function GrantsForm({ plugin }: { plugin: PluginDetail }) {
  const { id, asks } = plugin;
  const stored = stillAsked(plugin.grants, asks);
  const [changed, setChanged] = useState<PluginGrants>();
  const saving = useSaving((grants: PluginGrants) => setGrants(id, grants));
  const grants = changed ?? stored;
  const words = (given: PluginGrants) =>
    asksOf(asks)
      .map((ask) => ask.isIn(given))
      .join();
  const dirty = words(grants) !== words(stored);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(grants);
      }}
    >
      <Grants asks={asks} grants={grants} onChange={setChanged} />
      {saving.error ? <ErrorState error={saving.error} what="The grants were not stored" /> : null}
      {asksOf(asks).length > 0 ? <SaveBar label="Save grants" dirty={dirty} saving={saving} /> : null}
    </form>
  );
}

const levels = { good: 'ok', warning: 'warning', bad: 'failing' } as const;

/** What a test found, one line for each thing, with the next step where there is one. */
function Connections({ found }: { found: TestPluginResponse | undefined }) {
  if (!found) return null;
  if (found.items.length === 0) return <p role="status">There is nothing to test: nothing is configured.</p>;
  return (
    <ul role="status" aria-label="What the test found" className={classes.found}>
      {found.items.map(({ title, state, message, fix, href }, index) => (
        <li key={index}>
          <strong>
            <Status level={levels[state]} label={title} />
          </strong>
          <span>
            {message}
            {/[.!?…]$/.test(message) ? '' : '.'} {fix} {href === undefined ? null : <a href={href}>Go there</a>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The configuration of a plugin, checked by its schema when it is stored. */
export function ConfigurationForm({ plugin }: { plugin: PluginDetail }) {
  const [changed, setChanged] = useState<Values>();
  const saving = useSaving((values: Values) => setConfiguration(plugin.id, values));
  const values = changed ?? plugin.configuration;
  const dirty = canonical(finished(values)) !== canonical(plugin.configuration);
  const testing = useMutation({ mutationFn: () => testConnections(plugin.id, finished(values)) });
  const canTest = (plugin.manifest.contributes?.connections?.length ?? 0) > 0 && plugin.state === 'enabled';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // What is shown from then on is what was stored: secrets are words that stand for them.
        saving.mutate(finished(values), { onSuccess: () => setChanged(undefined) });
      }}
    >
      <SchemaFields
        schema={plugin.manifest.configuration as Schema}
        values={values}
        faults={faultsOf(saving.error)}
        onChange={setChanged}
      />
      {saving.error ? <ErrorState error={saving.error} what="The configuration was not stored" /> : null}
      <SaveBar label="Save configuration" dirty={dirty} saving={saving} />
      {canTest ? (
        <div className={classes.tests}>
          <Button size="xs" variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
            Test the connections
          </Button>
          {testing.error ? <ErrorState error={testing.error} what="The connections could not be tested" /> : null}
          <Connections found={testing.data} />
        </div>
      ) : null}
    </form>
  );
}
