import type { Entity, Problem } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import type { EntityCard, EntityPartProps, EntityTab, Evidence } from '../../../core/router/index.ts';
import { count, Status } from '../../../core/ui/index.ts';
import { entityProblemsQuery } from '../api.ts';
import { keyOf, targetsOf } from '../entity.ts';
import { isDoubtful } from '../parts/doubt.ts';
import { HistoryTab } from '../parts/HistoryTab.tsx';
import { ProblemItem } from '../parts/ProblemItem.tsx';
import { RelationGroups } from '../parts/RelationGroups.tsx';
import { SourceTab } from '../parts/SourceTab.tsx';
import { About, Annotations, Labels } from './cards/About.tsx';
import { Attention, isOrphan } from './cards/Attention.tsx';
import { Changes } from './cards/Changes.tsx';
import { Health } from './cards/Health.tsx';
import { Impact } from './cards/Impact.tsx';
import { Links } from './cards/Links.tsx';
import { Owner } from './cards/Owner.tsx';
import { Reach } from './cards/Reach.tsx';

/** Whether others may need it: by its relations, or because it is a part of something. */
const isNeeded = (entity: Entity) =>
  targetsOf(entity, 'dependencyOf', 'apiConsumedBy', 'providesApi', 'hasPart', 'partOf').length > 0;

function ProblemsMark({ entityRef }: EntityPartProps) {
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? [];
  const isFailing = problems.some(({ severity }) => severity === 'error');
  return (
    <Status
      level={isFailing ? 'failing' : 'warning'}
      label={count(problems.length, 'problem')}
      short={String(problems.length)}
    />
  );
}

function ProblemsTab({ entityRef }: EntityPartProps) {
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? [];
  return (
    <ul>
      {problems.map((problem) => (
        <ProblemItem key={problem.id} problem={problem} showEntity={false} />
      ))}
    </ul>
  );
}

/** The catalog's own tabs, by the names of `catalog.pages`. */
export const catalogTabs: EntityTab[] = [
  {
    id: 'relations',
    label: 'Relations',
    when: (entity) => (entity.relations?.length ?? 0) > 0,
    count: (entity) => entity.relations?.length,
    component: lazy(() => import('../graph/RelationsTab.tsx').then((tab) => ({ default: tab.RelationsTab }))),
  },
  {
    id: 'impact',
    label: 'What breaks',
    when: isNeeded,
    component: lazy(() => import('../graph/ImpactTab.tsx').then(({ ImpactTab }) => ({ default: ImpactTab }))),
  },
  {
    id: 'problems',
    label: 'Problems',
    when: (_entity, problems) => problems.length > 0,
    mark: ProblemsMark,
    component: ProblemsTab,
  },
  {
    id: 'history',
    label: 'History',
    when: () => true,
    component: ({ entity }) => <HistoryTab entityKey={keyOf(entity)} />,
  },
  {
    id: 'source',
    label: 'Source',
    when: () => true,
    whole: true,
    component: ({ entity }) => <SourceTab entity={entity} entityKey={keyOf(entity)} />,
  },
];

const hasTrouble = (entity: Entity, problems: readonly Problem[], evidence: Evidence | undefined) =>
  problems.length > 0 || isOrphan(entity) || isDoubtful(evidence);

/** The catalog's own cards, by the names of `catalog.pages`. */
export const catalogCards: EntityCard[] = [
  { id: 'problems', title: 'Needs attention', when: hasTrouble, component: Attention },
  { id: 'owner', title: 'Owner', component: Owner },
  { id: 'reach', title: 'How to reach', component: Reach },
  { id: 'health', title: 'Health', component: Health },
  { id: 'links', title: 'Links', component: Links },
  { id: 'impact', title: 'What breaks without it', when: isNeeded, component: Impact },
  {
    id: 'relations',
    title: 'Relations',
    // Its owner has a card of its own.
    component: ({ entity }) =>
      (entity.relations ?? []).every(({ type }) => type === 'ownedBy') ? (
        <p>Nothing refers to it, and it refers to nothing{entity.relations?.length ? ' but its owner' : ''}.</p>
      ) : (
        <RelationGroups entity={entity} limit={10} without={['ownedBy']} />
      ),
  },
  {
    id: 'team',
    title: 'Team',
    when: ({ kind }) => ['group', 'user'].includes(kind.toLowerCase()),
    bare: true,
    component: lazy(() => import('../org/TeamOverview.tsx').then((part) => ({ default: part.TeamOverview }))),
  },
  { id: 'changes', title: 'Changed lately', component: Changes },
  { id: 'about', title: 'About', component: About },
  {
    id: 'labels',
    title: 'Labels',
    bare: true,
    when: ({ metadata }) => Object.keys(metadata.labels ?? {}).length > 0,
    component: Labels,
  },
  {
    id: 'annotations',
    title: 'Annotations',
    bare: true,
    when: ({ metadata }) => Object.keys(metadata.annotations ?? {}).length > 0,
    component: Annotations,
  },
];
