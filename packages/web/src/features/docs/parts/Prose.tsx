import { useComputedColorScheme } from '@mantine/core';
import type { DocsPageResponse, DocsSiteResponse } from '@callboard/model/http';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { fetchAhead } from '../../../core/api/index.ts';
import { keyOf } from '../address.ts';
import { enhance } from '../prose/enhance.ts';
import { takeOutMissing } from '../prose/images.ts';
import { openAgain, type OpenParts, openParts } from '../prose/open-parts.ts';
import { useDocsSettings } from '../settings.ts';
import { goToHash } from '../use-docs-links.ts';
import '../prose/prose.css';
import '../prose/blocks.css';

type ProseProps = {
  site: DocsSiteResponse;
  page: DocsPageResponse;
  base: string;
  version?: string | undefined;
  onImage: (image: HTMLImageElement) => void;
  onSay: (what: string) => void;
};

const lasts = 1600;

/** The text of a page, with everything that is pressed in it. */
export function Prose({ site, page, base, version, onImage, onSay }: ProseProps) {
  const root = useRef<HTMLDivElement>(null);
  const { ready, tabs, rememberTab } = useDocsSettings();
  const dark = useComputedColorScheme('light') === 'dark';
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const latestTabs = useRef(tabs);
  const drawn = useRef<{ of: string; open: OpenParts }>(undefined);
  const { entityRef, features } = site;
  const { html, file } = page;
  const hasTitle = page.headings.some(({ level }) => level === 1);

  useLayoutEffect(() => {
    latestTabs.current = tabs;
  }, [tabs]);
  useLayoutEffect(() => {
    const element = root.current!;
    // The same page again, as when its colours come: what the reader has opened stays open.
    const of = JSON.stringify([entityRef, file, version, ready]);
    const open = drawn.current?.of === of ? drawn.current.open : undefined;
    let timer: number | undefined;
    const template = document.createElement('template');
    template.innerHTML = html;
    takeOutMissing(template.content);
    element.replaceChildren(template.content);
    const stop = enhance(element, {
      site: keyOf(entityRef),
      file,
      version,
      base,
      features,
      chosenTabs: latestTabs.current,
      shownTabs: open?.tabs,
      onTab: rememberTab,
      onImage,
      onCopied(what) {
        window.clearTimeout(timer);
        onSay(what);
        timer = window.setTimeout(() => onSay(''), lasts);
      },
    });
    if (open) openAgain(element, open);
    return () => {
      drawn.current = { of, open: openParts(element) };
      window.clearTimeout(timer);
      stop();
    };
    // The choice of tabs is looked up when the page is drawn; later choices are made in the page itself.
  }, [html, file, entityRef, features, version, base, ready, rememberTab, onImage, onSay]);

  // Once for each page: who has read on must not be taken back when the colours of the code come.
  useEffect(() => {
    if (hash !== '') goToHash(window.location.hash);
  }, [hash, file, version]);

  useEffect(() => {
    if (page.needs.includes('math')) fetchAhead(() => import('katex/dist/katex.min.css'));
  }, [page.needs]);

  useEffect(() => {
    const element = root.current;
    if (!element?.querySelector('pre.mermaid')) return;
    let stop: (() => void) | undefined;
    let gone = false;
    import('../prose/mermaid.ts').then(
      ({ drawDiagrams }) => {
        if (!gone) stop = drawDiagrams(element, dark);
      },
      // A diagram that cannot be drawn stays as it is written.
      () => undefined,
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [html, dark, ready, base, version]);

  return (
    <>
      {hasTitle ? null : <h1 className="docs-title">{page.title || site.title}</h1>}
      {html.trim() === '' ? <p className="docs-empty">This page is empty.</p> : null}
      <div ref={root} className="docs-prose" data-scheme={dark ? 'dark' : 'light'} />
    </>
  );
}
