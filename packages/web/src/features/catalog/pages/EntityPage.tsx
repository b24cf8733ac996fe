import { Button } from '@mantine/core';
import { IconCode, IconPencil, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Entity, EntityPageLayout } from '@callboard/model';
import { Suspense, useMemo } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import { May, StarButton, useMay } from '../../../core/session/index.ts';
import { useFeatures, type EntityTab } from '../../../core/router/index.ts';
import {
  Breakable,
  Copyable,
  ErrorState,
  LinkButton,
  PageHeader,
  RelativeTime,
  SkeletonRows,
  StaleNote,
  Status,
} from '../../../core/ui/index.ts';
import {
  entityPagesQuery,
  entityProblemsQuery,
  entityQuery,
  provenanceQuery,
  refreshEntity,
  wholeEntityQuery,
  type EntityKey,
  type StoredProblem,
} from '../api.ts';
import { nameOf, safeUrl, targetsOf, textAt } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { Cards } from '../layout/Cards.tsx';
import { choosePage, type Place } from '../layout/choose.ts';
import { catalogCards, catalogTabs } from '../layout/parts.tsx';
import { EntityLink } from '../parts/EntityLink.tsx';
import { EntityNotFound } from '../parts/EntityNotFound.tsx';
import { EntityTabs, type Tab } from '../parts/EntityTabs.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import { useVisit } from '../visit.ts';
import classes from './EntityPage.module.css';

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
  const { data: pages, error: pagesFailed, refetch: readPages } = useQuery(entityPagesQuery);
  if (error instanceof ApiError && error.status === 404) return <EntityNotFound entityKey={key} />;
  if (error && !data)
    return (
      <>
        <PageHeader title={key.name} />
        <ErrorState error={error} what="This entity could not be read" onRetry={() => void refetch()} />
      </>
    );
  if (pagesFailed && !pages)
    return (
      <>
        <PageHeader title={key.name} />
        <ErrorState
          error={pagesFailed}
          what="The layout of the page could not be read"
          onRetry={() => void readPages()}
        />
      </>
    );
  if (!data || !pages)
    return (
      <>
        <PageHeader title={name} icon={<KindIcon kind={key.kind} size="1.375rem" />} />
        <SkeletonRows rows={12} label="Loading the entity" />
      </>
    );
  return (
    <>
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <Loaded entity={data} entityKey={key} tab={tab} pages={pages.items} />
    </>
  );
}

/** Backstage's and older words for the same tabs. */
const aliases: Record<string, string> = { dependencies: 'relations', api: 'definition' };

/** An entity that has no problem known yet. */
const none: StoredProblem[] = [];

type LoadedProps = { entity: Entity; entityKey: EntityKey; tab: string; pages: EntityPageLayout[] };

function Loaded({ entity, entityKey, tab, pages }: LoadedProps) {
  const entityRef = `${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`;
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? none;
  const evidence = useQuery(provenanceQuery(entityKey)).data;
  const { tabs: knownTabs, cards: knownCards, actions, added } = useParts();
  const chosen = choosePage(pages, entity, added);
  const tabs = chosen.flatMap(({ id, label, cards }): (Tab & { cards?: Place[]; part?: EntityTab })[] => {
    if (cards) return [{ id: id === 'overview' ? '' : id, label: label ?? 'Overview', cards }];
    const part = knownTabs.get(id);
    if (!part?.when(entity, problems)) return [];
    const mark = part.mark ? <part.mark entity={entity} entityRef={entityRef} /> : undefined;
    return [{ id, label: label ?? part.label, count: part.count?.(entity), mark, part }];
  });
  const find = (wanted: string | undefined) => tabs.find(({ id }) => id === wanted);
  const current = find(tab) ?? find(aliases[tab]) ?? find('') ?? tabs[0];
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
              <Copyable text={entityRef} label="Copy the reference" />
              <Origin entity={entity} entityKey={entityKey} />
            </p>
          </>
        }
        actions={
          <>
            <StarButton entityRef={entityRef} name={nameOf(entity)} size="1.125rem" />
            <Suspense fallback={null}>
              {actions
                .filter(({ when }) => when(entity))
                .map(({ id, component: Action }) => (
                  <Action key={id} entity={entity} entityRef={entityRef} />
                ))}
            </Suspense>
            <Actions entity={entity} entityRef={entityRef} />
          </>
        }
      />
      <EntityTabs tabs={tabs} current={current?.id ?? ''} entityKey={entityKey} />
      {current?.cards ? (
        <Cards
          places={current.cards}
          known={knownCards}
          entity={entity}
          entityRef={entityRef}
          problems={problems}
          evidence={evidence}
        />
      ) : null}
      {current?.part ? (
        <TabContent key={current.id} part={current.part} entity={entity} entityKey={entityKey} entityRef={entityRef} />
      ) : null}
    </>
  );
}

/** All tabs and cards there are: the catalog's and those of other features. */
function useParts() {
  const features = useFeatures();
  return useMemo(
    () => ({
      /** What `more` may stand for. */
      added: {
        tabs: features.flatMap(({ entityTabs = [] }) => entityTabs.map(({ id }) => id)),
        cards: features.flatMap(({ entityCards = [] }) => entityCards.map(({ id }) => id)),
      },
      actions: features.flatMap(({ entityActions = [] }) => entityActions),
      tabs: new Map(
        [...catalogTabs, ...features.flatMap(({ entityTabs = [] }) => entityTabs)].map((part) => [part.id, part]),
      ),
      cards: new Map(
        [...catalogCards, ...features.flatMap(({ entityCards = [] }) => entityCards)].map((part) => [part.id, part]),
      ),
    }),
    [features],
  );
}

type TabContentProps = { part: EntityTab; entity: Entity; entityKey: EntityKey; entityRef: string };

/** A tab that needs every text whole waits for it. */
function TabContent({ part, entity, entityKey, entityRef }: TabContentProps) {
  const { data, error, refetch } = useQuery({ ...wholeEntityQuery(entityKey), enabled: part.whole === true });
  const Content = part.component;
  if (part.whole && error && !data)
    return <ErrorState error={error} what="This entity could not be read" onRetry={() => void refetch()} />;
  const loading = <SkeletonRows rows={12} label={`Loading ${part.label}`} />;
  if (part.whole && !data) return loading;
  return (
    <Suspense fallback={loading}>
      <Content entity={part.whole ? data! : entity} entityRef={entityRef} />
    </Suspense>
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
      from <Breakable text={location.replace(/^[a-z-]+:(?=[/a-z])/, '')} />
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
  const { allowed: mayRefresh } = useMay('catalog.entity.refresh', entityRef);
  const view = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/view-url'));
  return (
    <>
      {refresh.error ? <Status level="failing" label={refresh.error.message} isSentence /> : null}
      {view ? (
        <Button component="a" href={view} size="xs" variant="default" leftSection={<IconCode size="0.875rem" />}>
          View source
        </Button>
      ) : null}
      <May permission="catalog.entity.validate">
        <LinkButton
          to="/catalog-edit"
          search={{ entity: entityRef }}
          data-shortcut="edit"
          variant="default"
          leftSection={<IconPencil size="0.875rem" />}
        >
          Edit descriptor
        </LinkButton>
      </May>
      {mayRefresh ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size="0.875rem" />}
          loading={refresh.isPending}
          onClick={() => refresh.mutate()}
        >
          Read again
        </Button>
      ) : null}
    </>
  );
}
