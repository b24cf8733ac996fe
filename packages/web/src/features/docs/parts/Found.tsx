import type { DocsSiteResponse } from '@callboard/model/http';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { count, Status } from '../../../core/ui/index.ts';
import { pageAt, pageHref } from '../address.ts';
import { findQuery } from '../api.ts';
import { excerpt, marked } from '../excerpt.ts';
import { useListener } from '../use-listener.ts';
import classes from './Found.module.css';

type FoundProps = {
  site: DocsSiteResponse;
  base: string;
  version?: string | undefined;
  text: string;
  onLeave: () => void;
};

const noTags = { preTag: '\u0000', postTag: '\u0000' };

/** What these documents have of the words: pages by title at once, then sections by their text; and the way to everything. */
export function Found({ site, base, version, text, onLeave }: FoundProps) {
  const list = useRef<HTMLDivElement>(null);
  const [asked] = useDebouncedValue(text, 120);
  const { data, error } = useQuery(findQuery(site.entityRef, asked));
  const words = text.toLowerCase();
  const pages = site.pages.filter(({ title }) => title.toLowerCase().includes(words)).slice(0, 6);
  const sections = (data?.results ?? []).flatMap(({ document, highlight, key }) => {
    const page = pageAt(document.location);
    if (!page || pages.some(({ path }) => path === page.path && page.hash === '')) return [];
    const tags = highlight ?? { ...noTags, fields: {} };
    return [
      {
        key,
        href: pageHref(base, page.path, version, page.hash),
        title: marked(tags.fields['title'] ?? document.title, tags),
        text: marked(excerpt(tags.fields['text'] ?? document.text, tags.preTag), tags),
      },
    ];
  });
  const total = pages.length + sections.length;
  useListener(list, 'keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    event.preventDefault();
    if (event.key === 'ArrowUp' && at <= 0) onLeave();
    else links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  });
  return (
    <div ref={list}>
      <p role="status" className={classes.quiet}>
        {error ? <Status level="warning" label={error.message} isSentence /> : null}
        {!error && data && total === 0 ? 'Nothing in these documents has these words.' : null}
        {total > 0 ? `${count(total, 'place')} found` : null}
      </p>
      <ul className={classes.list}>
        {pages.map(({ path, title }) => (
          <li key={`page ${path}`}>
            <a href={pageHref(base, path, version)}>
              <span className={classes.title}>{title}</span>
            </a>
          </li>
        ))}
        {sections.map(({ key, href, title, text: around }) => (
          <li key={key}>
            <a href={href}>
              <span className={classes.title}>
                <Pieces pieces={title} />
              </span>
              <span className={classes.text}>
                <Pieces pieces={around} />
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p className={classes.quiet}>
        {version === undefined ? null : 'Texts are found in the current version. '}
        <a href={`/search?${new URLSearchParams({ query: text }).toString()}`}>Search everything for “{text}”</a>
      </p>
    </div>
  );
}

const Pieces = ({ pieces }: { pieces: { text: string; marked: boolean }[] }) =>
  pieces.map((piece, index) =>
    piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
  );
