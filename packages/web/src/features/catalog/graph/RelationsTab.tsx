import type { Entity } from '@callboard/model';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Search } from '../../../core/router/index.ts';
import { AppLink } from '../../../core/ui/index.ts';
import { readRef } from '../entity.ts';
import { entityTarget } from '../parts/EntityLink.tsx';
import { RelationGroups } from '../parts/RelationGroups.tsx';
import { Section } from '../parts/Section.tsx';
import { GraphView } from './GraphView.tsx';
import { readGraphSearch, writeGraphSearch, type GraphSettings } from './settings.ts';

/** What an entity has to do with others: drawn, and by kind of relation. */
export function RelationsTab({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  // The tab's route is below that of the page, and only it knows the parameters.
  const search: Search = useRouterState({ select: ({ matches }) => (matches.at(-1)?.search ?? {}) as Search });
  const navigate = useNavigate();
  const settings = useMemo(() => ({ ...readGraphSearch(search), roots: [entityRef] }), [search, entityRef]);
  const ref = readRef(entityRef, undefined, 'default')!;
  const change = (part: Partial<GraphSettings>) =>
    void navigate({
      ...entityTarget(ref, 'relations'),
      search: writeGraphSearch({ ...settings, ...part, roots: [] }),
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <Section
        title="Graph"
        aside={
          <AppLink to="/catalog-graph" search={writeGraphSearch(settings)}>
            Open on a page of its own
          </AppLink>
        }
      >
        <GraphView
          settings={settings}
          onChange={change}
          onCentre={(root) =>
            void navigate({ to: '/catalog-graph', search: writeGraphSearch({ ...settings, roots: [root] }) })
          }
        />
      </Section>
      <Section title="All relations">
        <RelationGroups entity={entity} />
      </Section>
    </>
  );
}
