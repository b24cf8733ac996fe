import { element } from './element.ts';

const worthEnlarging = 200;
const isKnown = /^(?:\/|data:|https?:)/;

/** Images and films that the site does not have are taken out before the browser asks for them. */
export function takeOutMissing(content: DocumentFragment): void {
  for (const image of content.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    if (!isKnown.test(source)) gone(image, source);
  }
  for (const media of content.querySelectorAll('video[src], audio[src], source[src], video[poster]'))
    for (const name of ['src', 'poster'])
      if (!isKnown.test(media.getAttribute(name) ?? '/')) media.removeAttribute(name);
}

/** Images that are there open large; those that are missing say so in their place. */
export function dressImages(root: HTMLElement, onImage: (image: HTMLImageElement) => void): void {
  for (const image of root.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? '';
    if (/#(?:only-light|gh-light-mode-only)$/.test(source)) image.classList.add('only-light');
    if (/#(?:only-dark|gh-dark-mode-only)$/.test(source)) image.classList.add('only-dark');
    image.alt ||= '';
    image.addEventListener('error', () => gone(image, source), { once: true });
    const ready = () => {
      if (image.naturalWidth < worthEnlarging || image.closest('a, button, summary, .twemoji')) return;
      const open = () => onImage(image);
      image.classList.add('large');
      image.setAttribute('role', 'button');
      image.tabIndex = 0;
      image.ariaLabel = `Enlarge: ${image.alt || 'image'}`;
      image.addEventListener('click', open);
      image.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      });
    };
    if (image.complete && image.naturalWidth > 0) ready();
    else image.addEventListener('load', ready, { once: true });
  }
}

function gone(image: HTMLImageElement, source: string): void {
  const words = `Image missing: ${image.alt || source.slice(0, 200)}`;
  image.replaceWith(element('span', { class: 'image-missing', title: source.slice(0, 500) }, words));
}
