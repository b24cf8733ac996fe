import { useMatches } from '@tanstack/react-router';
import { Fragment } from 'react';
import { AppLink } from '../ui/index.ts';
import classes from './Breadcrumbs.module.css';

/** Where one is; each page says its own steps. */
export function Breadcrumbs() {
  const crumbs = useMatches({
    select: (matches) =>
      matches.flatMap((match) => match.staticData.crumbs?.(match.params as Record<string, string>) ?? []),
  });
  return (
    <nav aria-label="Breadcrumbs" className={classes.crumbs}>
      {crumbs.map((crumb, index) => (
        <Fragment key={`${index} ${crumb.label}`}>
          {index > 0 ? (
            <span aria-hidden="true" className={classes.slash}>
              /
            </span>
          ) : null}
          {crumb.to === undefined || index === crumbs.length - 1 ? (
            <span className={classes.here} title={crumb.label}>
              {crumb.label}
            </span>
          ) : (
            <AppLink to={crumb.to} search={crumb.search} className={classes.step}>
              {crumb.label}
            </AppLink>
          )}
        </Fragment>
      ))}
    </nav>
  );
}
