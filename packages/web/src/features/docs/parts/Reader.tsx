import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { ErrorState, SkeletonRows, StaleNote } from '../../../core/ui/index.ts';
import { docsBase, pageHref, refOf, type DocsKey } from '../address.ts';
import { isMissing, siteQuery } from '../api.ts';
import { useDocsSettings } from '../settings.ts';
import { useDocsLinks } from '../use-docs-links.ts';
import { NoDocs } from './NoDocs.tsx';
import { PageView } from './PageView.tsx';
import { ReaderHeader } from './ReaderHeader.tsx';
import { Report } from './Report.tsx';
import { SiteSide } from './SiteSide.tsx';
import { StaticSite } from './StaticSite.tsx';
import classes from './Reader.module.css';

type ReaderProps = {
  site: DocsKey;
  /** Address below which the pages are shown. */
  base: string;
  path: string;
  version?: string | undefined;
  /** What is wrong with the documents instead of a page. */
  report: boolean;
  /** Inside the page of the entity, which says what it is already. */
  embedded?: boolean;
};

/** A site: its navigation, one page of it, and what that page has. */
export function Reader({ site, base, path, version, report, embedded = false }: ReaderProps) {
  const root = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery(siteQuery(site, version));
  const settings = useDocsSettings();
  useDocsLinks(root);
  if (error && !data)
    return isMissing(error, 'TECHDOCS_NO_DOCUMENTS') || isMissing(error, 'TECHDOCS_ENTITY_UNKNOWN') ? (
      <NoDocs site={site} error={error} />
    ) : (
      <ErrorState
        error={error}
        what={version === undefined ? 'These documents could not be read' : `Version ${version} could not be read`}
        onRetry={() => void refetch()}
      />
    );
  if (!data) return <SkeletonRows rows={14} label="Loading the documents" />;
  const hasRoot = data.pages.some((page) => page.path === '');
  const shown = path === '' && (!hasRoot || data.borrowedBy !== undefined) ? data.startPath : path;
  return (
    <div
      ref={root}
      className={classes.reader}
      data-text={settings.textSize}
      data-width={settings.width}
      data-form={data.form}
    >
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <ReaderHeader
        site={data}
        base={base}
        docs={docsBase(site)}
        path={shown}
        version={version}
        report={report}
        embedded={embedded}
      />
      {data.isOld ? (
        <p className={classes.banner} role="note">
          You are reading the version “{data.version}”, which is not the current one.{' '}
          <a href={pageHref(base, shown)}>Read the current version</a>
        </p>
      ) : null}
      {report ? (
        <Report site={site} base={base} pages={data.pages} />
      ) : data.form === 'static' ? (
        <StaticSite key={`${data.entityRef} ${version ?? ''}`} site={data} path={shown} />
      ) : (
        <div className={classes.columns}>
          <SiteSide site={data} base={base} path={shown} version={version} />
          <PageView
            key={`${refOf(site)} ${version ?? ''}`}
            asked={site}
            site={data}
            base={base}
            path={shown}
            version={version}
          />
        </div>
      )}
    </div>
  );
}
