import type { DocsSiteResponse } from '@callboard/model/http';
import { pageHref, similarPages } from '../address.ts';
import { NoteList } from './PageNotes.tsx';
import classes from './Reader.module.css';

type MissingPageProps = { site: DocsSiteResponse; base: string; path: string; version?: string | undefined };

/** The site has no such page: what may have been meant. */
export function MissingPage({ site, base, path, version }: MissingPageProps) {
  const similar = similarPages(path, site.pages);
  if (site.pages.length === 0)
    return (
      <div className={classes.missing}>
        <title>{`${site.title} · Callboard`}</title>
        <h1>These documents have no page yet</h1>
        <NoteList notes={site.notes} />
      </div>
    );
  return (
    <div className={classes.missing}>
      <title>{`No such page · ${site.title} · Callboard`}</title>
      <h1>There is no page “{path}”</h1>
      <p>
        {version === undefined
          ? `The documents of ${site.entityTitle} have no page of this address now. It may have been moved or removed.`
          : `The version “${version}” of these documents has no such page.`}
      </p>
      {similar.length > 0 ? (
        <>
          <h2>Was it one of these?</h2>
          <ul>
            {similar.map((page) => (
              <li key={page.path}>
                <a href={pageHref(base, page.path, version)}>{page.title}</a> <code>{page.path || '/'}</code>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <p>
        <a href={pageHref(base, '', version)}>First page of {site.title}</a>
        {version === undefined ? null : (
          <>
            {' · '}
            <a href={pageHref(base, path)}>The same page in the current version</a>
          </>
        )}
      </p>
    </div>
  );
}
