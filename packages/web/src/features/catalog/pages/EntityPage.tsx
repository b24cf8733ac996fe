import { Button } from '@mantine/core';
import { IconCode, IconPencil, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Entity } from '@callboard/model';
import { lazy, Suspense } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import { StarButton } from '../../../core/session/index.ts';
import { useFeatures, type EntityTab } from '../../../core/router/index.ts';
import {
  Copyable,
  count,
  ErrorState,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  StaleNote,
  Status,
} from '../../../core/ui/index.ts';
import {
  entityProblemsQuery,
  entityQuery,
  provenanceQuery,
  refreshEntity,
  type EntityKey,
  type StoredProblem,
} from '../api.ts';
import { nameOf, safeUrl, targetsOf, textAt } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { EntityNotFound } from '../parts/EntityNotFound.tsx';
import { EntityTabs, type Tab } from '../parts/EntityTabs.tsx';
import { HistoryTab } from '../parts/HistoryTab.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import { Overview } from '../parts/Overview.tsx';
import { ProblemItem } from '../parts/ProblemItem.tsx';
import { SourceTab } from '../parts/SourceTab.tsx';
import { useVisit } from '../visit.ts';
import classes from './EntityPage.module.css';

/** The drawing comes with its tab. */
const RelationsTab = lazy(() => import('../graph/RelationsTab.tsx').then((tab) => ({ default: tab.RelationsTab })));

/** Everything the portal knows about one thing. */
export function EntityPage() {
  const params: Partial<EntityKey & { tab: string }> = useParams({ strict: false });
  const { kind = '', namespace = '', name = '', tab = '' } = params;
  const key: EntityKey = {
    kind: kind.toLowerCase(),
    namespace: namespace.toLowerCase(),
    name: name.toLowerCase(),
  };
  const { data, error, refetch } = useQuery(entityQuery(key));
  if (error instanceof ApiError && error.status === 404) return <EntityNotFound entityKey={key} />;
  if (error && !data)
    return (
      <>
        <PageHeader title={key.name} />
        <ErrorState error={error} what="This entity could not be read" onRetry={() => void refetch()} />
      </>
    );
  if (!data)
    return (
      <>
        <PageHeader title={name} icon={<KindIcon kind={key.kind} size="1.375rem" />} />
        <SkeletonRows rows={12} label="Loading the entity" />
      </>
    );
  return (
    <>
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <Loaded entity={data} entityKey={key} tab={tab} />
    </>
  );
}

function tabsOf(entity: Entity, problems: StoredProblem[] | undefined, added: EntityTab[]): Tab[] {
  const relations = entity.relations?.length ?? 0;
  const found = problems?.length ?? 0;
  const failing = problems?.some(({ severity }) => severity === 'error') ?? false;
  return [
    { id: '', label: 'Overview' },
    ...(relations > 0 ? [{ id: 'relations', label: 'Relations', count: relations }] : []),
    ...added.map(({ id, label, count: countOf }) => ({ id, label, count: countOf?.(entity) })),
    ...(found > 0
      ? [
          {
            id: 'problems',
            label: 'Problems',
            mark: (
              <Status level={failing ? 'failing' : 'warning'} label={count(found, 'problem')} short={String(found)} />
            ),
          },
        ]
      : []),
    { id: 'history', label: 'History' },
    { id: 'source', label: 'Source' },
  ];
}

/** Backstage's and older words for the same tabs. */
const aliases: Record<string, string> = { dependencies: 'relations', api: 'definition' };

function Loaded({ entity, entityKey, tab }: { entity: Entity; entityKey: EntityKey; tab: string }) {
  const ref = `${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`;
  const problems = useQuery(entityProblemsQuery(ref)).data?.items;
  const added = useFeatures().flatMap(({ entityTabs = [] }) => entityTabs.filter(({ when }) => when(entity)));
  const tabs = tabsOf(entity, problems, added);
  const isTab = (wanted: string | undefined) => tabs.some(({ id }) => id === wanted);
  const current = [tab, aliases[tab]].find(isTab) ?? '';
  const Added = added.find(({ id }) => id === current)?.component;
  useVisit(entityKey, nameOf(entity));
  return (
    <>
      <PageHeader
        title={nameOf(entity)}
        icon={<KindIcon kind={entity.kind} size="1.375rem" />}
        facts={<HeaderFacts entity={entity} />}
        description={
          <>
            {entity.metadata.description ? <p className={classes.description}>{entity.metadata.description}</p> : null}
            <p className={classes.origin}>
              <Copyable text={ref} label="Copy the reference" />
              <Origin entity={entity} entityKey={entityKey} />
            </p>
          </>
        }
        actions={
          <>
            <StarButton entityRef={ref} name={nameOf(entity)} size="1.125rem" />
            <Actions entity={entity} entityRef={ref} />
          </>
        }
      />
      <EntityTabs tabs={tabs} current={current} entityKey={entityKey} />
      {current === '' ? <Overview entity={entity} entityKey={entityKey} problems={problems} /> : null}
      {current === 'relations' ? (
        <Suspense fallback={<SkeletonRows rows={12} label="Loading the graph" />}>
          <RelationsTab entity={entity} entityRef={ref} />
        </Suspense>
      ) : null}
      {Added ? (
        <Suspense fallback={<SkeletonRows rows={12} label="Loading this part of the page" />}>
          <Added entity={entity} entityRef={ref} />
        </Suspense>
      ) : null}
      {current === 'problems' ? (
        <ul>
          {problems?.map((problem) => (
            <ProblemItem key={problem.id} problem={problem} showEntity={false} />
          ))}
        </ul>
      ) : null}
      {current === 'history' ? <HistoryTab entityKey={entityKey} /> : null}
      {current === 'source' ? <SourceTab entity={entity} entityKey={entityKey} /> : null}
    </>
  );
}

function HeaderFacts({ entity }: { entity: Entity }) {
  const { titleOf } = useKinds();
  const system = targetsOf(entity, 'partOf').find((target) => target.startsWith('system:'));
  const orphan = textAt(entity, 'metadata.annotations.backstage.io/orphan') === 'true';
  return (
    <>
      <span>
        {[textAt(entity, 'spec.type') ?? titleOf(entity.kind), textAt(entity, 'spec.lifecycle')]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {system ? (
        <span className={classes.system}>
          in <EntityLink entityRef={system} icon={false} />
        </span>
      ) : null}
      {orphan ? <Status level="warning" label="Orphan: its source no longer names it" /> : null}
    </>
  );
}

/** Where this comes from and how old it is, in one line. */
function Origin({ entity, entityKey }: { entity: Entity; entityKey: EntityKey }) {
  const { data } = useQuery(provenanceQuery(entityKey));
  const location = data?.location ?? textAt(entity, 'metadata.annotations.backstage.io/managed-by-location');
  if (location === undefined) return null;
  return (
    <span className={classes.from}>
      from {location.replace(/^(file|url):/, '')}
      {data ? (
        <>
          {' '}
          line {data.line}, read <RelativeTime at={data.readAt} />
        </>
      ) : null}
    </span>
  );
}

function Actions({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const client = useQueryClient();
  const refresh = useMutation({
    mutationFn: () => refreshEntity(entityRef),
    onSettled: () => client.invalidateQueries({ queryKey: ['catalog'] }),
  });
  const view = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/view-url'));
  const edit = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/edit-url'));
  return (
    <>
      {refresh.error ? <Status level="failing" label={refresh.error.message} /> : null}
      {view ? (
        <Button component="a" href={view} size="xs" variant="default" leftSection={<IconCode size="0.875rem" />}>
          View source
        </Button>
      ) : null}
      {edit ? (
        <Button
          component="a"
          href={edit}
          data-shortcut="edit"
          size="xs"
          variant="default"
          leftSection={<IconPencil size="0.875rem" />}
        >
          Edit
        </Button>
      ) : null}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size="0.875rem" />}
        loading={refresh.isPending}
        onClick={() => refresh.mutate()}
      >
        Read again
      </Button>
    </>
  );
}
