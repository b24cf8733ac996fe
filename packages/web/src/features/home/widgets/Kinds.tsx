import { useQuery } from '@tanstack/react-query';
import { AppLink, grouped } from '../../../core/ui/index.ts';
import { KindIcon, kindsQuery, useKinds } from '../../catalog/index.ts';
import { Widget } from '../parts/Widget.tsx';
import classes from './Kinds.module.css';

/** How many there are of each kind, each a way to its list. */
export function Kinds() {
  const { data } = useQuery(kindsQuery);
  const { pluralOf } = useKinds();
  const present = (data?.items ?? []).filter((kind) => kind.count > 0).toSorted((a, b) => b.count - a.count);
  return (
    <Widget title="In the catalog">
      <ul className={classes.kinds} aria-label="Entities by kind">
        {present.map((kind) => (
          <li key={kind.kind}>
            <AppLink to="/catalog" search={{ kind: kind.kind.toLowerCase() }} className={classes.kind}>
              <KindIcon kind={kind.kind} size="1.125rem" />
              <span className={classes.figure}>{grouped(kind.count)}</span>
              <span className={classes.word}>{kind.count === 1 ? (kind.title ?? kind.kind) : pluralOf(kind.kind)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </Widget>
  );
}
