import type { DocsPageResponse, DocsSiteResponse } from '@callboard/model/http';
import { IconArrowLeft, IconArrowRight, IconCode, IconPencil } from '@tabler/icons-react';
import { RelativeTime } from '../../../core/ui/index.ts';
import { pageHref } from '../address.ts';
import classes from './PageFrame.module.css';

const wordsPerMinute = 220;

/** Where the page stands, who changed it last, and where it is edited. */
export function PageHead({ site, page }: { site: DocsSiteResponse; page: DocsPageResponse }) {
  const minutes = Math.round(page.words / wordsPerMinute);
  return (
    <header className={classes.head}>
      <div className={classes.facts}>
        {page.breadcrumb.length > 0 ? <span>{page.breadcrumb.join(' / ')}</span> : null}
        {page.lastChange ? (
          <span>
            changed <RelativeTime at={page.lastChange.at} /> by {page.lastChange.author}
          </span>
        ) : null}
        {minutes > 1 ? <span>{minutes} min to read</span> : null}
        {page.tags.map((tag) => (
          <span key={tag} className={classes.tag}>
            #{tag}
          </span>
        ))}
      </div>
      <div className={classes.actions}>
        {page.editUrl ? (
          <a href={page.editUrl} data-shortcut="edit" rel="noopener noreferrer">
            <IconPencil size="0.875rem" aria-hidden /> Edit this page
          </a>
        ) : null}
        {page.viewUrl && !page.editUrl ? (
          <a href={page.viewUrl} rel="noopener noreferrer">
            <IconCode size="0.875rem" aria-hidden /> View source
          </a>
        ) : null}
        {site.sourceUrl && !page.editUrl && !page.viewUrl ? (
          <a href={site.sourceUrl} rel="noopener noreferrer">
            <IconCode size="0.875rem" aria-hidden /> Source
          </a>
        ) : null}
      </div>
    </header>
  );
}

/** The pages before and after. */
export function PageFoot({
  page,
  base,
  version,
}: {
  page: DocsPageResponse;
  base: string;
  version?: string | undefined;
}) {
  const { previous, next } = page;
  if (page.hide.includes('footer') || (!previous && !next)) return null;
  return (
    <nav aria-label="Pages before and after" className={classes.foot}>
      {previous ? (
        <a href={pageHref(base, previous.path, version)} rel="prev">
          <IconArrowLeft size="1rem" aria-hidden />
          <span>
            <span className={classes.where}>Before</span>
            {previous.title}
          </span>
        </a>
      ) : (
        <span />
      )}
      {next ? (
        <a href={pageHref(base, next.path, version)} rel="next" className={classes.next}>
          <span>
            <span className={classes.where}>Next</span>
            {next.title}
          </span>
          <IconArrowRight size="1rem" aria-hidden />
        </a>
      ) : null}
    </nav>
  );
}
