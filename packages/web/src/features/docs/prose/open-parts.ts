/** What a reader has opened in a page, by the order in which it stands there. */
export type OpenParts = {
  details: boolean[];
  tabs: number[];
  /** the notes of code that are there, and the one that is open */
  notes: { count: number; open: number };
  focus?: { at: number; of: number };
};

// What comes later than the text is not counted: drawings, and the marks of notes, which stand in coloured code only.
const detailsOf = (root: HTMLElement) => [...root.querySelectorAll<HTMLDetailsElement>('details:not(.diagram *)')];
const focusableOf = (root: HTMLElement) =>
  [...root.querySelectorAll<HTMLElement>('a[href], summary, [role="tab"], .code-copy')].filter(
    (each) => !each.closest('.diagram'),
  );

const notesOf = (root: HTMLElement) => [...root.querySelectorAll<HTMLElement>('button.annotation')];

/** Notes what is open in a page, for when the same page is drawn again. */
export function openParts(root: HTMLElement): OpenParts {
  const focusable = focusableOf(root);
  const at = focusable.findIndex((each) => each === document.activeElement);
  const notes = notesOf(root);
  return {
    details: detailsOf(root).map(({ open }) => open),
    tabs: [...root.querySelectorAll('[role="tablist"]')].map((list) =>
      [...list.children].findIndex((tab) => tab.ariaSelected === 'true'),
    ),
    notes: { count: notes.length, open: notes.findIndex(({ ariaExpanded }) => ariaExpanded === 'true') },
    ...(at >= 0 && { focus: { at, of: focusable.length } }),
  };
}

/** Opens what was open; a page with other parts than before stays as its author wrote it. Tabs are chosen where they are made. */
export function openAgain(root: HTMLElement, { details, focus, notes }: OpenParts): void {
  const now = detailsOf(root);
  if (now.length === details.length) now.forEach((each, index) => (each.open = details[index]!));
  const focusable = focusableOf(root);
  if (focus && focus.of === focusable.length) focusable[focus.at]!.focus({ preventScroll: true });
  const marks = notesOf(root);
  if (marks.length === notes.count) marks[notes.open]?.click();
}
