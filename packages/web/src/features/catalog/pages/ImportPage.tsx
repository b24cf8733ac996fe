import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';
import type { Entity } from '@callboard/model';
import { May, useMay } from '../../../core/session/index.ts';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  PageHeader,
  SkeletonRows,
  Spoken,
  Status,
} from '../../../core/ui/index.ts';
import {
  locationsQuery,
  registerLocation,
  unregisterLocation,
  type RegisteredLocation,
  type Registration,
} from '../api.ts';
import { useBrief } from '../briefs.ts';
import { nameOf, namespaceOf, refOf, textAt } from '../entity.ts';
import { readLocation } from '../location-input.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import { ProblemItem } from '../parts/ProblemItem.tsx';
import { Section } from '../parts/Section.tsx';
import classes from './ImportPage.module.css';

/** Brings something new into the catalog: look first, then register. */
export function ImportPage() {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const location = readLocation(text);
  const mayRegister = useMay('catalog.location.create');
  const mayName = useMay('catalog.location.disk');
  const refused = location?.type === 'file' && !mayName.allowed;
  const preview = useMutation({
    mutationFn: (wanted: { type: string; target: string }) => registerLocation(wanted, true),
  });
  const register = useMutation({
    mutationFn: (wanted: { type: string; target: string }) => registerLocation(wanted, false),
    onSettled: () => client.invalidateQueries({ queryKey: ['catalog'] }),
  });
  const look = (event: SyntheticEvent) => {
    event.preventDefault();
    register.reset();
    if (location) preview.mutate(location);
  };
  const change = (value: string) => {
    setText(value);
    preview.reset();
    register.reset();
  };
  return (
    <>
      <PageHeader
        title="Register a location"
        description={`Name the address of a descriptor or of a Git repository${mayName.allowed ? ', or a path' : ''}. You see what would come in before anything is stored.`}
      />
      {mayRegister.allowed ? (
        <form className={classes.form} onSubmit={look}>
          <TextInput
            className={classes.field}
            label={mayName.allowed ? 'Address or path' : 'Address'}
            description={
              mayName.allowed
                ? 'https://… of a descriptor, an address that git can clone, or a folder, file or glob of the portal’s machine'
                : 'https://… of a descriptor, or an address that git can clone'
            }
            error={refused ? `Paths of the portal’s machine: ${mayName.reason}` : undefined}
            placeholder="https://git.example.org/payments/ledger/raw/main/catalog-info.yaml"
            value={text}
            onChange={(event) => change(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <Button
            type="submit"
            variant={preview.data ? 'default' : 'filled'}
            disabled={!location || refused}
            loading={preview.isPending}
          >
            Look
          </Button>
        </form>
      ) : (
        <EmptyState title="You may not register locations">{mayRegister.reason}</EmptyState>
      )}
      {preview.error ? <ErrorState error={preview.error} what="This cannot be registered as it is" /> : null}
      {preview.data && !register.data ? (
        <Preview
          found={preview.data}
          pending={register.isPending}
          error={register.error}
          onRegister={() => location && register.mutate(location)}
        />
      ) : null}
      {register.data ? (
        <div className={classes.done} role="status">
          <Status level="ok" label="Registered. Its entities come in now, and every change follows." />
          <AppLink to="/catalog">Open the catalog</AppLink>
        </div>
      ) : null}
      <Registered />
    </>
  );
}

type PreviewProps = { found: Registration; pending: boolean; error: Error | null; onRegister: () => void };

function Preview({ found, pending, error, onRegister }: PreviewProps) {
  const { entities, exists, problems = [] } = found;
  return (
    <div className={classes.preview}>
      <Section
        title={
          entities.length === 0
            ? 'Nothing would come in'
            : `${count(entities.length, 'entity', 'entities')} would come in`
        }
      >
        {entities.length === 0 ? (
          <p className={classes.dim}>
            {found.location.type === 'file'
              ? 'No descriptor was found there. Check the path, and that its files are named as the portal expects.'
              : 'No descriptor was found there. Check that the address shows the YAML itself and asks for no sign-in.'}
          </p>
        ) : (
          <Found entities={entities} />
        )}
        {problems.length > 0 ? (
          <ul>
            {problems.map((problem) => (
              <ProblemItem key={`${problem.location}:${problem.line}:${problem.message}`} problem={problem} />
            ))}
          </ul>
        ) : null}
        {error ? <ErrorState error={error} what="Not registered" /> : null}
        <div className={classes.action}>
          <Button
            variant={entities.length === 0 ? 'default' : 'filled'}
            onClick={onRegister}
            loading={pending}
            disabled={exists === true}
          >
            {entities.length === 0 ? 'Register anyway' : 'Register location'}
          </Button>
          {exists ? <Status level="warning" label="It is registered already." /> : null}
        </div>
      </Section>
    </div>
  );
}

function Found({ entities }: { entities: Entity[] }) {
  return (
    <ul className={classes.found}>
      {entities.map((entity) => (
        <li key={`${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`}>
          <KindIcon kind={entity.kind} />
          <span className={classes.name}>{nameOf(entity)}</span>
          <span className={classes.dim}>{[entity.kind, textAt(entity, 'spec.type')].filter(Boolean).join(' · ')}</span>
          <Known entityRef={refOf(entity)} />
        </li>
      ))}
    </ul>
  );
}

/** Whether the catalog has it already: the first who describes something keeps it. */
function Known({ entityRef }: { entityRef: string }) {
  const { data } = useBrief(entityRef);
  return data ? <Status level="warning" label="In the catalog already" /> : null;
}

function Registered() {
  const { data, error, refetch } = useQuery(locationsQuery);
  return (
    <div className={classes.registered}>
      <Section title="Registered locations" aside={<AppLink to="/admin/sources">All sources</AppLink>}>
        {error && !data ? (
          <ErrorState error={error} what="The locations could not be read" onRetry={() => void refetch()} />
        ) : !data ? (
          <SkeletonRows rows={3} label="Loading the locations" />
        ) : data.length === 0 ? (
          <p className={classes.dim}>None yet. What the configuration names is under Sources.</p>
        ) : (
          <ul>
            {data.map((location) => (
              <LocationItem key={location.id} location={location} />
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function LocationItem({ location }: { location: RegisteredLocation }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => unregisterLocation(location.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['catalog'] }),
  });
  return (
    <li className={classes.location}>
      <div className={classes.target}>
        <span className={classes.dim}>{location.type}</span> {location.target}
        <div className={classes.dim}>
          <EntityLink entityRef={location.entityRef} />
        </div>
      </div>
      <May permission="catalog.location.delete">
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          Unregister<Spoken> {location.target}</Spoken>
        </Button>
      </May>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Unregister this location?" centered>
        <p className={classes.target}>{location.target}</p>
        <p className={classes.dim}>
          What it brought leaves the catalog, unless another source brings it too. The files stay as they are.
        </p>
        {remove.error ? <ErrorState error={remove.error} what="Not unregistered" /> : null}
        <div className={classes.answer}>
          <Button variant="default" onClick={() => setAsking(false)}>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            Unregister
          </Button>
        </div>
      </Modal>
    </li>
  );
}
