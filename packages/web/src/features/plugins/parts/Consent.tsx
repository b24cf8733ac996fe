import { Button } from '@mantine/core';
import type { PluginDetail, PluginGrants, StagedPlugin } from '@callboard/model/http';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Copyable, ErrorState, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { install, pluginQuery } from '../api.ts';
import { faultsOf, finished, type Schema, type Values } from '../schema.ts';
import { bytesOf } from '../words.ts';
import { Adds, Reach } from './Adds.tsx';
import { Faults } from './Faults.tsx';
import { allGrants, Grants, stillAsked } from './Grants.tsx';
import { SchemaFields } from './SchemaFields.tsx';
import classes from '../plugins.module.css';

type ConsentProps = { staged: StagedPlugin; onBack: () => void };

/** What a package is, asks for and adds, before anything of it is installed. */
export function Consent({ staged, onBack }: ConsentProps) {
  const { data, error, refetch } = useQuery({
    ...pluginQuery(staged.manifest.id),
    enabled: staged.installed !== undefined,
    refetchInterval: false,
  });
  if (staged.installed === undefined) return <Agree staged={staged} onBack={onBack} />;
  if (data) return <Agree staged={staged} onBack={onBack} before={data} />;
  if (error)
    return <ErrorState error={error} what="The installed version could not be read" onRetry={() => void refetch()} />;
  return <SkeletonRows rows={6} label="Reading the installed version" />;
}

function Agree({ staged, onBack, before }: ConsentProps & { before?: PluginDetail }) {
  const { manifest, asks } = staged;
  const client = useQueryClient();
  const navigate = useNavigate();
  // An update starts with what was granted; what is new in it is for somebody to grant.
  const [grants, setGrants] = useState<PluginGrants>(() =>
    before ? stillAsked(before.grants, asks) : allGrants(asks),
  );
  const [values, setValues] = useState<Values>(before?.configuration ?? {});
  const schema = manifest.configuration as Schema | undefined;
  const agree = useMutation({
    mutationFn: () => install({ sha256: staged.sha256, grants, ...(schema && { configuration: finished(values) }) }),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['plugins'] });
      await navigate({ to: `/admin/plugins/${id}` });
    },
  });
  const version = manifest.version ?? '';
  const isSame = before?.version === version;
  const verb = before ? (isSame ? 'Install again' : `Update ${before.version} to ${version}`) : `Install ${version}`;
  return (
    <section className={classes.consent} aria-label={`${manifest.title} ${version}`}>
      <h2>
        {manifest.title} {version}
      </h2>
      {manifest.description ? <p>{manifest.description}</p> : null}
      <dl className={classes.facts}>
        <dt>Came from</dt>
        <dd>
          {staged.origin}, {bytesOf(staged.size)}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <Copyable text={staged.sha256} label="Copy the SHA-256" />
        </dd>
        <dt>Server part</dt>
        <dd>
          {manifest.server ? 'Runs in a process of its own, with what you grant below' : 'None: it costs no process'}
        </dd>
        <dt>Web part</dt>
        <dd>
          {manifest.web === undefined
            ? 'None: the portal draws what it shows'
            : manifest.web.isolation === 'iframe'
              ? 'In a frame of its own, apart from the session of whoever looks'
              : 'In the page, with the rights of whoever looks at it. Install what you trust'}
        </dd>
      </dl>
      {staged.faults.length > 0 ? (
        <div role="alert">
          <Status level="failing" label="It does not run on this portal" />
          <Faults faults={staged.faults} label="Why it does not run here" />
        </div>
      ) : null}
      {staged.warnings.length > 0 ? (
        <div>
          <Status level="warning" label="Worth knowing" />
          <Faults faults={staged.warnings} label="Warnings" />
        </div>
      ) : null}
      <h3>It may</h3>
      <Grants asks={asks} fresh={before ? staged.newAsks : {}} grants={grants} onChange={setGrants} />
      <Reach id={manifest.id} contributes={staged.contributes} />
      <h3>It adds</h3>
      <Adds contributes={staged.contributes} />
      {schema?.properties ? (
        <>
          <h3>Configuration</h3>
          <SchemaFields schema={schema} values={values} faults={faultsOf(agree.error)} onChange={setValues} />
        </>
      ) : null}
      {agree.error ? <ErrorState error={agree.error} what="It was not installed" /> : null}
      <div className={classes.buttons}>
        <Button size="xs" disabled={staged.faults.length > 0} loading={agree.isPending} onClick={() => agree.mutate()}>
          {verb}
        </Button>
        <Button size="xs" variant="default" onClick={onBack}>
          Choose another
        </Button>
      </div>
    </section>
  );
}
