import { brokenPath, pageAt, pageHref, refOf, type DocsKey } from '../address.ts';
import { dressCode } from './code.ts';
import { dressHeadings } from './headings.ts';
import { dressImages } from './images.ts';
import { dressTabs } from './tabs.ts';

/** What the page and its surroundings offer to what stands in it. */
export type ProseContext = {
  site: DocsKey;
  /** The file that the page is written in, below the folder of the documents. */
  file: string;
  version?: string | undefined;
  /** Where pages of this site are shown. */
  base: string;
  /** Theme features that mkdocs.yml asks for. */
  features: string[];
  chosenTabs: string[];
  /** The tabs that are shown already, by set: the page is drawn again. */
  shownTabs?: number[] | undefined;
  onTab: (label: string) => void;
  onImage: (image: HTMLImageElement) => void;
  onCopied: (what: string) => void;
};

/** Links of the site lead to where it is shown; those that lead to nothing say so. */
function dressLinks(root: HTMLElement, context: ProseContext): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>('a[href]')) {
    const target = link.getAttribute('href')!;
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) {
      if (/^(?:https?:)?\/\//i.test(target)) link.classList.add('external');
      continue;
    }
    if (target.startsWith('#') || target.startsWith('?')) continue;
    if (!target.startsWith('/')) {
      link.classList.add('broken');
      link.title = `This link leads to nothing: ${target}`;
      link.setAttribute('href', pageHref(context.base, brokenPath(target, context.file), context.version));
      continue;
    }
    const page = pageAt(target);
    if (page && refOf(page.key) === refOf(context.site))
      link.setAttribute('href', pageHref(context.base, page.path, page.version ?? context.version, page.hash));
  }
}

/** Wide tables scroll in a frame of their own. */
function dressTables(root: HTMLElement): void {
  for (const table of root.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table-frame';
    frame.dataset['scrolls'] = table.caption?.textContent || 'Table';
    table.replaceWith(frame);
    frame.append(table);
  }
}

/** Symbols of lists of tasks say what they are. */
function dressTasks(root: HTMLElement): void {
  for (const box of root.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) {
    box.ariaLabel = box.checked ? 'Done' : 'To be done';
    box.disabled = true;
  }
}

function dressKnown(root: HTMLElement): void {
  for (const node of root.querySelectorAll<HTMLElement>('.twemoji, .emojione, .emoji')) {
    const name = node.title.replaceAll(':', '').replaceAll(/[-_]+/g, ' ').trim();
    const drawing = node.querySelector('svg');
    if (drawing) drawing.ariaHidden = 'true';
    else if (name !== '' && node.tagName === 'SPAN') {
      node.setAttribute('role', 'img');
      node.ariaLabel = name;
    }
  }
  for (const abbreviation of root.querySelectorAll<HTMLElement>('abbr[title]')) abbreviation.tabIndex = 0;
  for (const frame of root.querySelectorAll('iframe')) frame.title ||= 'Content of another host';
}

/** What is wider than its place can be scrolled by keys, and only that stands in the way of the Tab key. */
function watchWidths(root: HTMLElement): () => void {
  const frames = [...root.querySelectorAll<HTMLElement>('[data-scrolls]')];
  const look = () => {
    for (const frame of frames) {
      const scrolls = frame.scrollWidth > frame.clientWidth + 1 || frame.scrollHeight > frame.clientHeight + 1;
      if (scrolls) {
        frame.tabIndex = 0;
        frame.setAttribute('role', 'region');
        frame.ariaLabel = frame.dataset['scrolls']!;
      } else {
        frame.removeAttribute('tabindex');
        frame.removeAttribute('role');
        frame.ariaLabel = null;
      }
    }
  };
  const observer = new ResizeObserver(look);
  observer.observe(root);
  look();
  return () => observer.disconnect();
}

/**
 * Gives life to a page: tabs, copying, notes in code, links to headings, large images. What the author wrote is safe already and carries
 * no script; everything here is ours.
 *
 * @returns what to call when the page goes
 */
export function enhance(root: HTMLElement, context: ProseContext): () => void {
  dressLinks(root, context);
  dressTabs(root, context);
  const closeNotes = dressCode(root, context.features, context.onCopied);
  dressTables(root);
  dressTasks(root);
  dressKnown(root);
  dressImages(root, context.onImage);
  dressHeadings(root, context.onCopied);
  const stopWatching = watchWidths(root);
  return () => {
    stopWatching();
    closeNotes();
  };
}
