import type { DocsLink, DocsNote } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count, EmptyState, ErrorState, RelativeTime, SkeletonRows, words } from '../../../core/ui/index.ts';
import { pageHref, type DocsKey } from '../address.ts';
import { reportQuery } from '../api.ts';
import { NoteList } from './PageNotes.tsx';
import classes from './Report.module.css';

const named: Record<string, string> = {
  TECHDOCS_LINK_BROKEN: 'Broken links',
  TECHDOCS_ANCHOR_MISSING: 'Links to missing sections',
  TECHDOCS_IMAGE_MISSING: 'Missing images',
  TECHDOCS_PAGE_ORPHAN: 'Pages in no navigation',
  TECHDOCS_PAGE_STALE: 'Pages older than the code',
  TECHDOCS_NAV_MISSING: 'Navigation to missing pages',
  TECHDOCS_REDIRECT_MISSING: 'Redirects to missing pages',
  TECHDOCS_INCLUDE_MISSING: 'Missing sites of the navigation',
  TECHDOCS_INCLUDE_REFUSED: 'Sites that cannot be included',
  TECHDOCS_PLUGIN_UNKNOWN: 'Plugins that do not run here',
  TECHDOCS_EXTENSION_UNKNOWN: 'Unknown extensions',
  TECHDOCS_LINK_OUTSIDE: 'Links that lead out',
  DOCS_SNIPPET_MISSING: 'Missing snippets',
  TECHDOCS_FORMULA_INVALID: 'Formulas with a mistake',
  TECHDOCS_GRAPH_INVALID: 'Diagrams with a mistake',
  TECHDOCS_DIAGRAM_INVALID: 'Diagrams with a mistake',
  DOCS_PLANTUML_WITHOUT_SERVER: 'Diagrams without a server',
};
const rank = { error: 0, warning: 1, information: 2 };
const nameOf = (code: string) => named[code] ?? words(code.replace(/^TECHDOCS_/, '').toLowerCase());

/** Everything that is wrong with a site, for whoever writes it. */
export function Report({ site, base, pages }: { site: DocsKey; base: string; pages: DocsLink[] }) {
  const { data, error, refetch } = useQuery(reportQuery(site));
  const [chosen, choose] = useState('');
  if (error && !data)
    return <ErrorState error={error} what="The documents could not be checked" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Checking the documents" />;
  const known = new Set(pages.map(({ path }) => path));
  const hrefOf = (note: DocsNote) => {
    const parts = (note.file ?? '').replace(/\.(?:md|markdown)$/i, '').split('/');
    for (let from = 0; from < parts.length; from += 1) {
      const path = parts
        .slice(from)
        .join('/')
        .replace(/(?:^|\/)(?:index|README)$/i, '');
      if (known.has(path) && note.file !== undefined) return pageHref(base, path);
    }
    return undefined;
  };
  const kinds = Object.entries(data.counts).toSorted(([, one], [, other]) => other - one);
  const shown = data.problems
    .filter(({ code }) => chosen === '' || code === chosen)
    .toSorted((one, other) => rank[one.severity] - rank[other.severity]);
  return (
    <section aria-label="Report" className={classes.report}>
      <title>{`Report · ${data.title} · Callboard`}</title>
      <h1>Report on {data.title}</h1>
      <p className={classes.quiet}>
        {count(data.pages, 'page')}, {count(data.words, 'word')}, checked <RelativeTime at={data.checkedAt} />
      </p>
      {data.problems.length === 0 ? (
        <EmptyState title="Nothing is wrong">
          All links and images lead somewhere, all pages are in the navigation, and none is older than its code.
        </EmptyState>
      ) : (
        <>
          <div className={classes.kinds} role="group" aria-label="Kinds of problems">
            <button type="button" aria-pressed={chosen === ''} onClick={() => choose('')}>
              All <span>{data.problems.length.toLocaleString('en-US')}</span>
            </button>
            {kinds.map(([code, number]) => (
              <button key={code} type="button" aria-pressed={chosen === code} onClick={() => choose(code)}>
                {nameOf(code)} <span>{number.toLocaleString('en-US')}</span>
              </button>
            ))}
          </div>
          <NoteList notes={shown.slice(0, 500)} hrefOf={hrefOf} />
          {shown.length > 500 ? <p className={classes.quiet}>and {count(shown.length - 500, 'more')}</p> : null}
        </>
      )}
    </section>
  );
}
