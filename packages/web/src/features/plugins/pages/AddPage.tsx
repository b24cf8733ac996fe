import { Button, TextInput } from '@mantine/core';
import type { StagedPlugin, StagePluginBody } from '@callboard/model/http';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import { MayOrWhy } from '../../../core/session/index.ts';
import { ErrorState, PageHeader, SkeletonRows } from '../../../core/ui/index.ts';
import { stage } from '../api.ts';
import { Consent } from '../parts/Consent.tsx';
import { Faults } from '../parts/Faults.tsx';
import classes from '../plugins.module.css';

/** A plugin comes in two steps: it is looked at, then somebody agrees to what it asks for. */
export function AddPage() {
  const read = useMutation({ mutationFn: stage });
  const { data, error, isPending } = read;
  return (
    <>
      <PageHeader
        title="Add a plugin"
        description="It is looked at first: what it asks for and what it adds. Nothing runs before you agree."
      />
      <MayOrWhy permission="plugins.manage">
        {data ? (
          <Consent staged={data} onBack={read.reset} />
        ) : (
          <>
            {error ? (
              <>
                <ErrorState error={error} what="The package could not be taken" />
                <PackageFaults error={error} />
              </>
            ) : null}
            {isPending ? <SkeletonRows rows={6} label="Reading the package" /> : <Choose onChoose={read.mutate} />}
          </>
        )}
      </MayOrWhy>
    </>
  );
}

/** What is wrong with a package, where the refusal knows it. */
function PackageFaults({ error }: { error: Error }) {
  const faults = error instanceof ApiError ? error.details?.['faults'] : undefined;
  if (!Array.isArray(faults) || faults.length === 0) return null;
  return <Faults faults={faults as StagedPlugin['faults']} label="What is wrong with the package" />;
}

function Choose({ onChoose }: { onChoose: (from: StagePluginBody | File) => void }) {
  const [name, setName] = useState('');
  const isAddress = /^https?:\/\//.test(name.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = name.trim();
    if (text !== '') onChoose(isAddress ? { url: text } : { package: text });
  };
  return (
    <div className={classes.choose}>
      <label className={classes.drop}>
        <span>
          Drop a tarball here, or <span className={classes.like}>choose a file</span>
        </span>
        <span className={classes.second}>
          What <code>callboard plugin pack</code> or <code>npm pack</code> makes: a .tgz of at most 20 MB
        </span>
        <input
          type="file"
          accept=".tgz,.tar.gz,application/gzip"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) onChoose(file);
          }}
        />
      </label>
      <form onSubmit={submit} className={classes.byName}>
        <TextInput
          label="Or a name, or an address"
          description="name, name@1.2.0 or name@^1 is looked up in plugins.folder and plugins.registry; https://… is fetched by the portal."
          placeholder="callboard-plugin-tides@^1"
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button type="submit" size="xs" disabled={name.trim() === ''}>
          Look at it
        </Button>
      </form>
    </div>
  );
}
