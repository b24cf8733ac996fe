import type { LayoutResult } from './layout.ts';
import type { GraphEdge } from './model.ts';
import { edgeLabel, labelWidth } from './picture.ts';
import { pathThrough } from './svg.ts';
import classes from './Graph.module.css';

type LinesProps = {
  edges: GraphEdge[];
  result: LayoutResult;
  active: string | undefined;
  labelled: boolean;
  across: boolean;
};

/** All relations in one drawing; those of the entity under pointer or focus stand out. */
export function Lines({ edges, result, active, labelled, across }: LinesProps) {
  const placed = edges.flatMap((edge) => {
    const way = result.edges[edge.id];
    return way ? [{ edge, way, isActive: edge.source === active || edge.target === active }] : [];
  });
  return (
    <svg
      className={classes.lines}
      width={result.width}
      height={result.height}
      data-dense={!labelled || undefined}
      aria-hidden="true"
    >
      <defs>
        {(['strong', 'accent'] as const).map((name) => (
          <marker
            key={name}
            id={`graph-arrow-${name}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0.5 L7.5 4 L0 7.5 z" className={classes[name]} />
          </marker>
        ))}
      </defs>
      {placed.map(({ edge, way, isActive }) => (
        <path
          key={edge.id}
          d={pathThrough(way.points, across)}
          className={classes.line}
          data-active={isActive || undefined}
          markerEnd={`url(#graph-arrow-${isActive ? 'accent' : 'strong'})`}
        />
      ))}
      {placed
        .filter(({ isActive }) => labelled || isActive)
        .map(({ edge, way, isActive }) => {
          const label = edgeLabel(edge);
          const width = labelWidth(label);
          return (
            <g key={edge.id} className={classes.label} data-active={isActive || undefined}>
              <rect x={way.label.x - width / 2} y={way.label.y - 8} width={width} height={16} rx={3} />
              <text x={way.label.x} y={way.label.y + 4} textAnchor="middle">
                {label}
              </text>
            </g>
          );
        })}
    </svg>
  );
}
