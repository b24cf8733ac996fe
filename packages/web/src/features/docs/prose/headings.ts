import { copyText } from '../../../core/ui/index.ts';
import { element } from './element.ts';

/** Each heading has a link to itself; pressing it also copies the address. */
export function dressHeadings(root: HTMLElement, onCopied: (what: string) => void): void {
  for (const old of root.querySelectorAll('a.headerlink')) old.remove();
  for (const heading of root.querySelectorAll<HTMLElement>(':is(h1, h2, h3, h4, h5, h6)[id]')) {
    const text = heading.textContent.trim();
    const link = element('a', {
      class: 'anchor',
      href: `#${encodeURIComponent(heading.id)}`,
      title: 'Copy the address of this section',
      'aria-label': `Copy the address of “${text.slice(0, 100)}”`,
    });
    link.textContent = '#';
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      void copyText(link.href).then(
        () => onCopied('Address copied'),
        () => onCopied('The browser does not let the address be copied'),
      );
    });
    heading.append(link);
  }
}
