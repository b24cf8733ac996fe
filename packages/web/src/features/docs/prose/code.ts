import { copyText } from '../../../core/ui/index.ts';
import { element } from './element.ts';

const languageOf = (code: HTMLElement): string =>
  /(?:^|\s)language-([^\s]+)/.exec(code.className)?.[1]?.replace(/^(?:text|plain|none|txt)$/, '') ?? '';

/** The text as it was written: without the marks of notes. */
function textOf(code: HTMLElement): string {
  const copy = code.cloneNode(true) as HTMLElement;
  for (const mark of copy.querySelectorAll('.annotation')) mark.remove();
  return copy.textContent.replace(/\n$/, '');
}

const mark = /\((\d{1,3})\)(!?)/;

/** Texts in comments, where marks of notes stand. */
function textsOf(node: Node): Text[] {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as Text);
  return found;
}

/** A note's card, and what it does when the page has been scrolled. */
type Note = { card: HTMLElement; follow: () => void };

/** Turns `(1)` in comments into buttons that show what the list below says. */
function annotate(code: HTMLElement, list: HTMLOListElement, strict: boolean): Note[] {
  const items = [...list.children].filter((each): each is HTMLElement => each instanceof HTMLLIElement);
  const comments = [...code.querySelectorAll<HTMLElement>('.tok-comment, .c, .c1, .cm')];
  const used = new Map<number, HTMLElement>();
  for (const text of comments.flatMap(textsOf)) {
    let rest = text;
    for (let found = mark.exec(rest.data); found; found = mark.exec(rest.data)) {
      const number = Number(found[1]);
      const bare = found[2] === '!';
      if (!items[number - 1] || (strict && !bare)) break;
      const start = rest.splitText(found.index);
      rest = start.splitText(found[0].length);
      const button = element('button', {
        type: 'button',
        class: 'annotation',
        'aria-label': `Note ${number}`,
        'data-number': String(number),
      });
      start.replaceWith(button);
      used.set(number, button);
      const comment = button.closest<HTMLElement>('.tok-comment');
      const before = button.previousSibling;
      // With `!` the comment was there for the note only.
      if (bare && comment && before instanceof Text && /^\s*(?:\/\/|#|--|;+|%|'|\/\*|<!--|\{#)\s*$/.test(before.data))
        before.data = '';
      if (bare && /^\s*(?:\*\/|-->|#\})?\s*$/.test(rest.data)) rest.data = '';
    }
  }
  if (used.size === 0) return [];
  const notes = [...used].map(([number, button]) => {
    const card = element('div', { class: 'annotation-card', popover: 'auto', role: 'note' });
    card.append(...items[number - 1]!.childNodes);
    const tell = () => {
      button.ariaExpanded = String(card.matches(':popover-open'));
    };
    let top = 0;
    button.addEventListener('click', () => {
      card.togglePopover();
      tell();
      const place = button.getBoundingClientRect();
      top = place.top;
      const left = Math.max(8, Math.min(place.left, document.documentElement.clientWidth - card.offsetWidth - 8));
      const below = place.bottom + 6;
      const fits = below + card.offsetHeight < window.innerHeight;
      card.style.left = `${left}px`;
      card.style.top = `${fits ? below : Math.max(8, place.top - card.offsetHeight - 6)}px`;
    });
    card.addEventListener('toggle', tell);
    tell();
    // Where something above grows, the page scrolls so that its text stays in its place: then the note stays, too.
    const follow = () => {
      if (card.matches(':popover-open') && Math.abs(button.getBoundingClientRect().top - top) > 1) card.hidePopover();
    };
    return { card, follow };
  });
  if (used.size === items.length) list.remove();
  return notes;
}

/** Blocks of code: a title, a button that copies, lines that can be scrolled by keys, notes. */
export function dressCode(root: HTMLElement, features: string[], onCopied: (what: string) => void): () => void {
  const scrolled: (() => void)[] = [];
  for (const code of root.querySelectorAll<HTMLElement>('pre > code')) {
    const pre = code.parentElement!;
    if (pre.classList.contains('mermaid')) continue;
    const list = pre.nextElementSibling;
    const strict =
      !features.includes('content.code.annotate') && !/\bannotate\b/.test(`${code.className} ${pre.className}`);
    const notes = list instanceof HTMLOListElement ? annotate(code, list, strict) : [];
    const title = code.dataset['title'] ?? '';
    const language = languageOf(code);
    const frame = element('div', { class: 'code-frame' });
    pre.replaceWith(frame);
    pre.dataset['scrolls'] = title || (language ? `Code: ${language}` : 'Code');
    if (title) frame.append(element('div', { class: 'code-title' }, title));
    const copy = element('button', { type: 'button', class: 'code-copy', 'aria-label': 'Copy this code' }, 'Copy');
    copy.addEventListener('click', () => {
      void copyText(textOf(code)).then(
        () => {
          copy.textContent = 'Copied';
          onCopied('Code copied');
          setTimeout(() => (copy.textContent = 'Copy'), 1500);
        },
        () => onCopied('The browser does not let the code be copied'),
      );
    });
    frame.append(pre, copy, ...notes.map(({ card }) => card));
    scrolled.push(...notes.map(({ follow }) => follow));
    if (code.dataset['linenums'] !== undefined) pre.classList.add('numbered');
  }
  const follow = () => scrolled.forEach((each) => each());
  window.addEventListener('scroll', follow, { passive: true });
  return () => window.removeEventListener('scroll', follow);
}
