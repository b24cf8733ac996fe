import type { DocsPageResponse, DocsSiteResponse } from '@callboard/model/http';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRecent, useStored } from '../../../core/session/index.ts';
import { useShortcuts, type Shortcut } from '../../../core/keys/index.ts';
import { ErrorState, SkeletonRows, Spoken } from '../../../core/ui/index.ts';
import { docsBase, keyOf, pageHref, refOf, trimPath, type DocsKey } from '../address.ts';
import { isMissing, pageQuery } from '../api.ts';
import { Contents } from './Contents.tsx';
import { Lightbox } from './Lightbox.tsx';
import { MissingPage } from './MissingPage.tsx';
import { PageFoot, PageHead } from './PageFrame.tsx';
import { PageNotes } from './PageNotes.tsx';
import { Prose } from './Prose.tsx';
import classes from './Reader.module.css';

type PageViewProps = {
  /** The entity in the address. */
  asked: DocsKey;
  site: DocsSiteResponse;
  base: string;
  path: string;
  version?: string | undefined;
};

/** One page with what belongs to it; the page before stays until the next one is there. */
export function PageView({ asked, site, base, path, version }: PageViewProps) {
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...pageQuery(asked, path, version),
    placeholderData: keepPreviousData,
  });
  const router = useRouter();
  const moved = data?.redirectTo;
  const canonical = isPlaceholderData ? undefined : data?.path;
  useEffect(() => {
    if (isPlaceholderData) return;
    if (moved !== undefined && !/^[a-z]+:/i.test(moved)) {
      const [place = '', hash] = moved.split('#');
      router.history.replace(pageHref(base, place, version, hash === undefined ? '' : `#${hash}`));
    } else if (moved === undefined && canonical !== undefined && trimPath(canonical) !== trimPath(path))
      router.history.replace(pageHref(base, canonical, version, window.location.hash));
  }, [isPlaceholderData, moved, canonical, path, base, version, router]);
  if (error && (!data || isPlaceholderData))
    return (
      <article className={classes.article}>
        {isMissing(error) ? (
          <MissingPage site={site} base={base} path={path} version={version} />
        ) : (
          <ErrorState error={error} what="This page could not be read" onRetry={() => void refetch()} />
        )}
      </article>
    );
  if (!data)
    return (
      <article className={classes.article}>
        <SkeletonRows rows={12} label="Loading the page" />
      </article>
    );
  if (moved !== undefined && /^https?:/i.test(moved))
    return (
      <article className={classes.article}>
        <p>
          This page has moved to <a href={moved}>{moved}</a>.
        </p>
      </article>
    );
  return <Loaded asked={asked} site={site} base={base} version={version} page={data} pending={isPlaceholderData} />;
}

const staysFor = 800;

type LoadedProps = Omit<PageViewProps, 'path'> & { page: DocsPageResponse; pending: boolean };

function Loaded({ asked, site, base, version, page, pending }: LoadedProps) {
  const router = useRouter();
  const article = useRef<HTMLElement>(null);
  const [image, setImage] = useState<{ source: string; text: string }>();
  const [said, say] = useState('');
  const { visit } = useRecent();
  const [letters] = useStored<'on' | 'off'>('keys', 'on');
  const open = useCallback(
    (path: string | undefined) => {
      if (path !== undefined) router.history.push(pageHref(base, path, version));
    },
    [router, base, version],
  );
  const { previous, next } = page;
  const shortcuts = useMemo(
    (): Shortcut[] => [
      { keys: 'j', label: 'Next page', group: 'Documents', run: () => open(next?.path) },
      { keys: 'k', label: 'Page before', group: 'Documents', run: () => open(previous?.path) },
    ],
    [open, next?.path, previous?.path],
  );
  useShortcuts(shortcuts, letters === 'on', { first: true });
  const ref = refOf(asked);
  const title = page.title || site.title;
  useEffect(() => {
    if (pending) return;
    const path = pageHref(docsBase(keyOf(ref)), page.path);
    const label = (title === site.title ? title : `${title} · ${site.title}`).slice(0, 200);
    const timer = setTimeout(() => visit({ path, title: label, entityRef: ref }), staysFor);
    return () => clearTimeout(timer);
  }, [visit, ref, page.path, title, site.title, pending]);
  const showImage = useCallback(
    (shown: HTMLImageElement) => setImage({ source: shown.currentSrc || shown.src, text: shown.alt }),
    [],
  );
  const hidesContents = page.hide.includes('toc');
  const hasContents = !hidesContents && page.headings.filter(({ level }) => level > 1).length > 1;
  return (
    <>
      <title>{`${title === site.title ? title : `${title} · ${site.title}`} · Callboard`}</title>
      <article ref={article} className={classes.article} aria-busy={pending}>
        <PageHead site={site} page={page} />
        {hasContents ? (
          <details className={classes.contentsAbove}>
            <summary>On this page</summary>
            <Contents headings={page.headings} page={page.path} />
          </details>
        ) : null}
        <PageNotes page={page} site={site} />
        <Prose site={site} page={page} base={base} version={version} onImage={showImage} onSay={say} />
        <PageFoot page={page} base={base} version={version} />
      </article>
      {hasContents ? (
        <div className={classes.contentsBeside}>
          <Contents headings={page.headings} page={page.path} />
        </div>
      ) : null}
      {image ? <Lightbox source={image.source} text={image.text} onClose={() => setImage(undefined)} /> : null}
      <div role="status">
        <Spoken>{said}</Spoken>
      </div>
      {said ? (
        <p className={classes.said} aria-hidden="true">
          {said.replace(/\u200b/g, '')}
        </p>
      ) : null}
    </>
  );
}
