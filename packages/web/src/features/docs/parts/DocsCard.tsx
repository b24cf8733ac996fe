import { useQuery } from '@tanstack/react-query';
import type { EntityPartProps } from '../../../core/router/index.ts';
import { AppLink, count, SkeletonRows } from '../../../core/ui/index.ts';
import { docsBase, keyOf, pageHref } from '../address.ts';
import { siteQuery } from '../api.ts';
import classes from './DocsCard.module.css';

const shown = 5;

/** What there is to read about an entity: the first pages of its documents. */
export function DocsCard({ entityRef }: EntityPartProps) {
  const site = keyOf(entityRef);
  const { data, error } = useQuery(siteQuery(site));
  if (error && !data) return <p className={classes.quiet}>{error.message}</p>;
  if (!data) return <SkeletonRows rows={3} label="Loading the documents" />;
  const base = docsBase(site);
  const rest = data.pages.length - shown;
  return (
    <>
      <ul className={classes.pages}>
        {data.pages.slice(0, shown).map(({ path, title }) => (
          <li key={path}>
            <AppLink to={pageHref(base, path)}>{title}</AppLink>
          </li>
        ))}
      </ul>
      <p className={classes.quiet}>
        <AppLink to={base}>{rest > 0 ? `${count(rest, 'more page')} in ${data.title}` : `Open ${data.title}`}</AppLink>
      </p>
    </>
  );
}
