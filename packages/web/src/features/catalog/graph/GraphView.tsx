import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { count, EmptyState, ErrorState, grouped, StaleNote, useNarrow } from '../../../core/ui/index.ts';
import { neighbourhoodQuery } from './api.ts';
import { foldFans } from './fans.ts';
import { GraphCanvas } from './GraphCanvas.tsx';
import { GraphControls } from './GraphControls.tsx';
import { joinGraphs, type Graph } from './model.ts';
import { layoutInputOf } from './picture.ts';
import { RelationTable } from './RelationTable.tsx';
import type { GraphSettings } from './settings.ts';
import { useLayout } from './use-layout.ts';
import classes from './Graph.module.css';

type GraphViewProps = {
  settings: GraphSettings;
  onChange: (change: Partial<GraphSettings>) => void;
  /** what a box does when somebody wants to look from there; no such button when absent */
  onCentre?: (ref: string) => void;
  /** fills the window rather than a part of a page */
  tall?: boolean;
};

const noResize = () => () => {};
const useRem = () =>
  useSyncExternalStore(noResize, () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16);

/** A graph with what decides its content, its picture, and the same as a list. */
export function GraphView({ settings, onChange, onCentre, tall = false }: GraphViewProps) {
  const answers = useQueries({
    queries: settings.roots.map((root) => neighbourhoodQuery(root, settings)),
    combine: (results) => ({
      parts: results.flatMap(({ data }) => (data ? [data] : [])),
      error: results.find(({ error }) => error)?.error ?? undefined,
      pending: results.some(({ isPending }) => isPending),
      retry: () => void Promise.all(results.map(({ refetch }) => refetch())),
    }),
  });
  const { merge, outward } = settings;
  const { parts, pending, error, retry } = answers;
  const graph = useMemo(
    () => (pending || parts.length === 0 ? undefined : joinGraphs(parts, { merge, outward })),
    [parts, pending, merge, outward],
  );
  return (
    <div className={tall ? classes.tall : classes.view}>
      <GraphControls settings={settings} onChange={onChange} />
      {error && parts.length > 0 ? <StaleNote error={error} onRetry={retry} /> : null}
      {error && parts.length === 0 ? (
        <ErrorState error={error} what="The relations could not be read" onRetry={retry} />
      ) : null}
      {error && parts.length === 0 ? null : <Drawn graph={graph} settings={settings} onCentre={onCentre} />}
    </div>
  );
}

function Drawn({
  graph,
  settings,
  onCentre,
}: {
  graph: Graph | undefined;
  settings: GraphSettings;
  onCentre: GraphViewProps['onCentre'];
}) {
  const rem = useRem();
  const compact = useNarrow();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const openFan = useCallback((id: string) => setOpen((before) => new Set([...before, id])), []);
  const picture = useMemo(() => graph && foldFans(graph, open), [graph, open]);
  const input = useMemo(
    () => picture && { picture, layout: layoutInputOf(picture, settings.layout, { rem, compact }) },
    [picture, settings.layout, rem, compact],
  );
  const { laid, failed } = useLayout(input?.layout);
  const ready = laid && input && laid.input === input.layout;
  const [last, setLast] = useState<{ picture: NonNullable<typeof picture>; laid: NonNullable<typeof laid> }>();
  if (ready && last?.laid !== laid) setLast({ picture: input.picture, laid });
  if (!graph || !picture) return <div className={classes.waiting} role="status" aria-label="Reading the relations" />;
  if (graph.nodes.length <= settings.roots.length && graph.edges.length === 0)
    return (
      <EmptyState title="Nothing to draw">
        No relation leads anywhere with these settings. Choose more kinds or relations, or follow both ways.
      </EmptyState>
    );
  const name = graph.nodes.find(({ entityRef }) => entityRef === settings.roots[0])?.label ?? 'Relations';
  const folded = picture.fans.reduce((sum, { members }) => sum + members.length, 0);
  return (
    <>
      {failed ? (
        <EmptyState title="The picture could not be drawn">
          The browser refused the part that places it. The list below has the same relations.
        </EmptyState>
      ) : last ? (
        <GraphCanvas
          title={`Relations of ${name}`}
          picture={last.picture}
          laid={last.laid}
          roots={settings.roots}
          onCentre={onCentre}
          onOpen={openFan}
          compact={compact}
        />
      ) : (
        <div className={classes.waiting} role="status" aria-label="Drawing" />
      )}
      <p className={classes.summary} role="status">
        {count(graph.nodes.length, 'entity', 'entities')}, {count(graph.edges.length, 'line')}
        {folded > 0 ? `, ${grouped(folded)} folded into “more”` : ''}
        {graph.truncated ? '. There are more than can be drawn: take fewer steps, kinds or relations' : ''}.
        <span className={classes.hint}>
          {' '}
          <kbd>←↑↓→</kbd> next, <kbd>Enter</kbd> opens{onCentre ? ', ' : null}
          {onCentre ? (
            <>
              <kbd>Space</kbd> looks from there
            </>
          ) : null}
        </span>
      </p>
      <details className={classes.list} open={failed || compact || undefined}>
        <summary>As a list</summary>
        <RelationTable graph={graph} />
      </details>
    </>
  );
}
