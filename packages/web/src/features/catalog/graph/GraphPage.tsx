import { IconX } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Search } from '../../../core/router/index.ts';
import { AppLink, EmptyState, LinkButton, PageHeader } from '../../../core/ui/index.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { EntityPicker } from './EntityPicker.tsx';
import { GraphView } from './GraphView.tsx';
import { MapTabs } from './MapTabs.tsx';
import { readGraphSearch, writeGraphSearch, type GraphSettings } from './settings.ts';
import classes from './Graph.module.css';

/** The surroundings of one or several entities, at Backstage's address. */
export function GraphPage() {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const settings = useMemo(() => readGraphSearch(search), [search]);
  const to = (part: Partial<GraphSettings>) => ({
    to: '/catalog-graph',
    search: writeGraphSearch({ ...settings, ...part }),
  });
  return (
    <>
      <PageHeader title="Relations" description="What is around an entity, step by step." />
      <MapTabs current="/catalog-graph" />
      <div className={classes.roots}>
        {settings.roots.map((root) => (
          <span key={root} className={classes.root}>
            <EntityLink entityRef={root} />
            <AppLink
              {...to({ roots: settings.roots.filter((each) => each !== root) })}
              className={classes.remove}
              aria-label={`Take ${root} out`}
              title="Take it out"
            >
              <IconX size="0.875rem" aria-hidden />
            </AppLink>
          </span>
        ))}
        <EntityPicker
          settings={settings}
          label={settings.roots.length === 0 ? 'Start from…' : 'Add another to look from'}
        />
      </div>
      {settings.roots.length === 0 ? (
        <EmptyState
          title="Nothing to look from yet"
          action={<LinkButton to="/landscape">See the landscape</LinkButton>}
        >
          Type a name above, or open the relations of any entity.
        </EmptyState>
      ) : (
        <GraphView
          tall
          settings={settings}
          onChange={(part) => void navigate({ ...to(part), replace: true, resetScroll: false })}
          onCentre={(root) => void navigate(to({ roots: [root] }))}
        />
      )}
    </>
  );
}
