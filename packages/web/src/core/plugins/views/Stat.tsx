import type { StatView } from '@callboard/model/plugins';
import { Status } from '../../ui/index.ts';
import { Anchor } from './Anchor.tsx';
import { levelOf, wordsOfFigure } from './words.ts';
import classes from './views.module.css';

/** Earlier values as a line of the height of a word; the figure itself says the same. */
function Trend({ values }: { values: number[] }) {
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  const points = values.map(
    (value, index) => `${(index / Math.max(1, values.length - 1)) * 60},${14 - ((value - least) / span) * 12}`,
  );
  return (
    <svg viewBox="0 0 60 16" className={classes.trend} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}

/** A few figures. */
export function Stat({ view }: { view: StatView }) {
  if (view.items.length === 0) return <p className={classes.note}>There are no figures.</p>;
  return (
    <dl className={classes.stats}>
      {view.items.map(({ label, value, unit, tone, href, trend }, index) => {
        const figure = wordsOfFigure(typeof value === 'object' ? null : value, unit);
        return (
          <div key={index}>
            <dt>{label}</dt>
            <dd>
              <Anchor href={href}>
                {tone && tone !== 'neutral' ? <Status level={levelOf(tone, figure)} label={figure} /> : figure}
              </Anchor>
              {trend && trend.length > 1 ? <Trend values={trend} /> : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
