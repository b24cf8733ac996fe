import type { DocsSiteResponse } from '@callboard/model/http';
import { IconChevronRight, IconExternalLink } from '@tabler/icons-react';
import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { smallIconButton } from '../../../core/ui/index.ts';
import { pageHref } from '../address.ts';
import { countEntries, sectionsTo, toTree, type TreeEntry } from '../tree.ts';
import { useListener } from '../use-listener.ts';
import classes from './SiteNavigation.module.css';

type SiteNavigationProps = { site: DocsSiteResponse; base: string; path: string; version?: string | undefined };

/** Small sites show all of themselves. */
const shownWhole = 30;

/** The pages of a site in their sections. Arrows go through it, right and left open and close. */
export function SiteNavigation({ site, base, path, version }: SiteNavigationProps) {
  const list = useRef<HTMLElement>(null);
  const tree = useMemo(() => toTree(site.navigation), [site.navigation]);
  const whole = useMemo(() => countEntries(tree) <= shownWhole, [tree]);
  const leading = useMemo(() => sectionsTo(tree, path), [tree, path]);
  const [said, say] = useState<Record<string, { open: boolean; on: string }>>({});
  // The section of a page that was come to is open, also when it was closed before.
  const isOpen = (key: string) => {
    const chosen = said[key];
    if (leading.includes(key)) return chosen?.on === path ? chosen.open : true;
    return chosen?.open ?? whole;
  };
  const put = (key: string, open: boolean) => say((before) => ({ ...before, [key]: { open, on: path } }));
  const unlisted = leading.length === 0 ? site.pages.find((page) => page.path === path) : undefined;

  useEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [leading]);

  useListener(list, 'keydown', (event) => {
    const steps = [...(list.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])];
    const at = steps.indexOf(document.activeElement as HTMLElement);
    const here = steps[at];
    if (!here) return;
    const key = here.closest<HTMLElement>('li')?.dataset['section'];
    if (event.key === 'ArrowDown') steps[at + 1]?.focus();
    else if (event.key === 'ArrowUp') steps[at - 1]?.focus();
    else if (event.key === 'ArrowRight' && key !== undefined) put(key, true);
    else if (event.key === 'ArrowLeft' && key !== undefined) put(key, false);
    else return;
    event.preventDefault();
  });

  const entries = (each: TreeEntry[], depth: number) => (
    <ul>
      {each.map((entry) => (
        <Fragment key={entry.key}>{line(entry, depth)}</Fragment>
      ))}
    </ul>
  );

  function line(entry: TreeEntry, depth: number) {
    const style = { '--depth': depth } as React.CSSProperties;
    const open = isOpen(entry.key);
    const toggle = () => put(entry.key, !open);
    if (entry.children.length === 0) return <li style={style}>{link(entry)}</li>;
    return (
      <li style={style} data-section={entry.key}>
        <div className={classes.section}>
          {entry.path === undefined ? (
            <button type="button" data-step className={classes.line} aria-expanded={open} onClick={toggle}>
              <IconChevronRight size="0.875rem" aria-hidden className={classes.mark} />
              {entry.title}
            </button>
          ) : (
            <>
              <button
                type="button"
                className={`${smallIconButton} ${classes.toggle}`}
                aria-expanded={open}
                aria-label={`Pages of ${entry.title}`}
                onClick={toggle}
              >
                <IconChevronRight size="0.875rem" aria-hidden className={classes.mark} />
              </button>
              {link(entry)}
            </>
          )}
        </div>
        {open ? entries(entry.children, depth + 1) : null}
      </li>
    );
  }

  function link(entry: TreeEntry) {
    if (entry.path === undefined)
      return entry.url === undefined ? (
        <span className={classes.line}>{entry.title}</span>
      ) : (
        <a data-step className={classes.line} href={entry.url} rel="noopener noreferrer">
          {entry.title} <IconExternalLink size="0.75rem" aria-label="(elsewhere)" />
        </a>
      );
    return (
      <a
        data-step
        className={classes.line}
        href={pageHref(base, entry.path, version)}
        aria-current={entry.path === path ? 'page' : undefined}
      >
        {entry.title}
      </a>
    );
  }

  return (
    <nav ref={list} aria-label="Pages" className={classes.navigation}>
      {entries(tree, 0)}
      {unlisted ? (
        <p className={classes.unlisted}>
          <span>Not in the navigation</span>
          <a href={pageHref(base, unlisted.path, version)} aria-current="page" className={classes.line} data-step>
            {unlisted.title}
          </a>
        </p>
      ) : null}
    </nav>
  );
}
