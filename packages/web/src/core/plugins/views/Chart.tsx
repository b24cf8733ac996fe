import type { ChartView } from '@callboard/model/plugins';
import { useElementSize } from '@mantine/hooks';
import { useId } from 'react';
import { scaleOf } from './scale.ts';
import { wordsOfFigure } from './words.ts';
import { quietTable } from '../../ui/index.ts';
import classes from './views.module.css';

const height = 200;
const room = { left: 48, right: 8, top: 8, bottom: 24 };

const nameOfPlace = (x: number | string): string =>
  typeof x === 'string'
    ? x
    : new Date(x).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** Figures over time or by name: lines told apart by dash and colour, and the same as a table for those who do not see it. */
export function Chart({ view }: { view: ChartView }) {
  const id = useId();
  // Drawn as wide as it stands, so that its words keep their size.
  const { ref, width: shown } = useElementSize<HTMLElement>();
  const width = Math.max(160, shown || 480);
  const { series, kind, unit } = view;
  if (series.every(({ points }) => points.every(({ y }) => y === null)))
    return <p className={classes.note}>There are no figures in this time.</p>;
  const scale = scaleOf(series, kind);
  const x = (place: number | string) => room.left + scale.across(place) * (width - room.left - room.right);
  const y = (value: number) => height - room.bottom - scale.up(value) * (height - room.top - room.bottom);
  const base = y(Math.max(scale.least, 0));
  const step = (width - room.left - room.right) / Math.max(1, scale.places.length);
  const bar = Math.min(48, (step * 0.7) / series.length);
  const ends = scale.places.length > 1 ? [scale.places[0]!, scale.places.at(-1)!] : scale.places;
  const anchorOf = (index: number) => (ends.length === 1 ? 'middle' : index === 0 ? 'start' : 'end');
  return (
    <figure ref={ref} className={classes.chart}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={id}>
        <title id={id}>{view.title ?? `${series.map(({ name }) => name).join(', ')}${unit ? `, ${unit}` : ''}`}</title>
        {scale.marks.map((mark) => (
          <g key={mark}>
            <line x1={room.left} x2={width - room.right} y1={y(mark)} y2={y(mark)} className={classes.grid} />
            <text x={room.left - 6} y={y(mark) + 4} textAnchor="end">
              {wordsOfFigure(mark)}
            </text>
          </g>
        ))}
        {series.map(({ name, points }, index) => {
          const known = points.filter((point): point is { x: number | string; y: number } => point.y !== null);
          if (kind === 'bar')
            return (
              <g key={name} data-series={index % 6} className={classes.bars}>
                {known.map((point, place) => (
                  <rect
                    key={place}
                    x={x(point.x) - (bar * series.length) / 2 + index * bar}
                    width={Math.max(1, bar - 1)}
                    y={Math.min(base, y(point.y))}
                    height={Math.max(1, Math.abs(base - y(point.y)))}
                  />
                ))}
              </g>
            );
          const line = known.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ');
          return (
            <g key={name} data-series={index % 6} className={classes.line}>
              {kind === 'area' && known.length > 0 ? (
                <polygon points={`${x(known[0]!.x)},${base} ${line} ${x(known.at(-1)!.x)},${base}`} />
              ) : null}
              <polyline points={line} />
              {known.length === 1 ? <circle cx={x(known[0]!.x)} cy={y(known[0]!.y)} r="3" /> : null}
            </g>
          );
        })}
        {kind === 'bar' && scale.places.length * 56 <= width
          ? scale.places.map((place) => (
              <text key={place} x={x(place)} y={height - 6} textAnchor="middle">
                {nameOfPlace(place).slice(0, 12)}
              </text>
            ))
          : ends.map((place, index) => (
              <text key={index} x={x(place)} y={height - 6} textAnchor={anchorOf(index)}>
                {nameOfPlace(place)}
              </text>
            ))}
      </svg>
      <figcaption>
        {series.map(({ name, points }, index) => (
          <span key={name} data-series={index % 6} className={classes.legend}>
            <span aria-hidden="true" className={classes.swatch} />
            {name}: {wordsOfFigure(points.findLast((point) => point.y !== null)?.y ?? null, unit)}
          </span>
        ))}
      </figcaption>
      <details className={classes.figures}>
        <summary>Figures</summary>
        <table className={`${quietTable} ${classes.table}`}>
          <thead>
            <tr>
              <th scope="col">At</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" data-figure>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scale.places.slice(-100).map((place) => (
              <tr key={place}>
                <td>{nameOfPlace(place)}</td>
                {series.map(({ name, points }) => (
                  <td key={name} data-figure>
                    {wordsOfFigure(points.find((point) => point.x === place)?.y ?? null, unit)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
