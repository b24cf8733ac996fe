import { IconLayoutDashboard, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState, type ComponentType } from 'react';
import { fetchAhead } from '../../../core/api/index.ts';
import { openPalette } from '../../../core/palette/index.ts';
import { useFeatures } from '../../../core/router/index.ts';
import { useHomeLayout } from '../../../core/session/index.ts';
import { AppLink, count, EmptyState, ErrorState, iconButton, SkeletonRows } from '../../../core/ui/index.ts';
import { kindsQuery, problemCountsQuery, RegisterLink, sourcesQuery } from '../../catalog/index.ts';
import { useMine } from '../api.ts';
import { greeting } from '../greeting.ts';
import { completeLayout } from '../layout.ts';
import { useReady } from '../ready.ts';
import { TeamsDialog } from '../parts/ChooseTeams.tsx';
import { Widget } from '../parts/Widget.tsx';
import { Components } from '../widgets/Components.tsx';
import { Kinds } from '../widgets/Kinds.tsx';
import { Needs } from '../widgets/Needs.tsx';
import { Recent, Starred, Views } from '../widgets/Personal.tsx';
import { Since } from '../widgets/Since.tsx';
import { Start } from '../widgets/Start.tsx';
import classes from './HomePage.module.css';

const arrangement = () => import('../parts/Arrange.tsx');
const Arrange = lazy(async () => ({ default: (await arrangement()).Arrange }));

const widgets: Record<string, { title: string; component: ComponentType }> = {
  start: { title: 'Get started', component: Start },
  teams: { title: 'My teams’ components', component: Components },
  starred: { title: 'Starred', component: Starred },
  recent: { title: 'Recently opened', component: Recent },
  kinds: { title: 'In the catalog', component: Kinds },
  problems: { title: 'Needs you', component: Needs },
  changes: { title: 'Since you were last here', component: Since },
  views: { title: 'Saved views', component: Views },
};

/** The widgets of the portal and those that plugins add. */
function useWidgets() {
  const features = useFeatures();
  return useMemo(() => {
    const added = features.flatMap(({ widgets: own = [] }) => own);
    const all: typeof widgets = { ...widgets };
    for (const { name, title, component: Content } of added)
      all[name] = {
        title,
        component: () => (
          <Widget title={title}>
            <Content />
          </Widget>
        ),
      };
    const titles = Object.fromEntries(Object.entries(all).map(([name, { title }]) => [name, title]));
    return { all, titles, added: added.map(({ name }) => name) };
  }, [features]);
}

/** What is one's own, what asks for somebody and what changed: different for each person. */
export function HomePage() {
  const { layout: stored, ready, arrange } = useHomeLayout();
  const settled = useReady();
  const [arranging, setArranging] = useState(false);
  const kinds = useQuery(kindsQuery);
  const total = kinds.data?.items.reduce((sum, kind) => sum + kind.count, 0);
  const { all, titles, added } = useWidgets();
  const layout = completeLayout(stored, added);
  const column = (names: string[]) =>
    names.map((name) => {
      const Component = all[name]!.component;
      return <Component key={name} />;
    });
  return (
    <>
      <header className={classes.header}>
        <title>Home · Callboard</title>
        <div className={classes.words}>
          <Greeting />
          <Knowledge total={total} />
        </div>
        {arranging || total === 0 ? null : (
          <button
            type="button"
            className={`${iconButton} ${classes.arrange}`}
            onPointerEnter={() => fetchAhead(arrangement)}
            onClick={() => setArranging(true)}
          >
            <IconLayoutDashboard size="1rem" stroke={1.6} aria-hidden /> Arrange
          </button>
        )}
      </header>
      {kinds.error && !kinds.data ? (
        <ErrorState error={kinds.error} what="The catalog could not be read" onRetry={() => void kinds.refetch()} />
      ) : total === 0 ? (
        <EmptyState title="The catalog is empty" action={<RegisterLink />}>
          Register the address of a descriptor or a repository, or start the portal with a folder.
        </EmptyState>
      ) : arranging ? (
        <Suspense fallback={<SkeletonRows rows={14} label="Loading the home page" />}>
          <Arrange layout={layout} titles={titles} onArrange={arrange} onDone={() => setArranging(false)} />
        </Suspense>
      ) : (
        <>
          <button type="button" className={classes.search} aria-haspopup="dialog" onClick={() => openPalette()}>
            <IconSearch size="1.125rem" aria-hidden />
            <span>Search services, APIs, teams, people…</span>
            <kbd aria-hidden="true">{/Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
          {ready && settled ? (
            <div className={classes.columns} data-one={layout.side.length === 0 || layout.main.length === 0}>
              {layout.main.length > 0 ? <div className={classes.column}>{column(layout.main)}</div> : null}
              {layout.side.length > 0 ? <div className={classes.column}>{column(layout.side)}</div> : null}
            </div>
          ) : (
            <SkeletonRows rows={14} label="Loading the home page" />
          )}
          <TeamsDialog />
        </>
      )}
    </>
  );
}

function Greeting() {
  const { mine } = useMine();
  const [hour] = useState(() => new Date().getHours());
  return <h1 className={classes.greeting}>{greeting(hour, mine?.name)}</h1>;
}

/** "124 entities from 3 sources, 4 problems". */
function Knowledge({ total }: { total: number | undefined }) {
  const sources = useQuery(sourcesQuery);
  const problems = useQuery(problemCountsQuery);
  if (total === undefined) return <p className={classes.knowledge}>&nbsp;</p>;
  const asking = problems.data ? problems.data.counts.error + problems.data.counts.warning : undefined;
  return (
    <p className={classes.knowledge}>
      <AppLink to="/catalog" search={{ kind: 'all' }}>
        {count(total, 'entity', 'entities')}
      </AppLink>
      {sources.data ? (
        <>
          {' from '}
          <AppLink to="/admin/sources">{count(sources.data.items.length, 'source')}</AppLink>
        </>
      ) : null}
      {asking === undefined ? null : (
        <>
          {', '}
          <AppLink to="/problems">{asking === 0 ? 'no problems' : count(asking, 'problem')}</AppLink>
        </>
      )}
    </p>
  );
}
