import type { AnyRouter } from '@tanstack/react-router';
import { openKeyboardMap, type Shortcut } from '../keys/index.ts';
import { openPalette } from '../palette/index.ts';
import type { NavigationItem } from '../router/index.ts';

const rowInFocus = () => document.activeElement?.closest('tr, li') ?? undefined;
const header = 'main header';

/** Presses the button that a row in focus, or else the page's header, has for a key. */
const press = (name: string) => {
  const selector = `[data-shortcut="${name}"]`;
  const target =
    rowInFocus()?.querySelector<HTMLElement>(selector) ?? document.querySelector<HTMLElement>(`${header} ${selector}`);
  target?.click();
};

const focusFilter = () => {
  const filter = [...document.querySelectorAll<HTMLInputElement>('main input[type="search"]')].find(
    (input) => input.offsetParent !== null,
  );
  if (!filter) return openPalette();
  filter.focus();
  filter.select();
};

const actionsInFocus = () => {
  const link = rowInFocus()?.querySelector<HTMLAnchorElement>('a[data-row-link]');
  openPalette('>', link ? `${link.pathname}${link.search}` : undefined);
};

/** Into the list from anywhere; within it the list itself goes on. */
const intoList = () => document.querySelector<HTMLElement>('main [data-row-link]')?.focus();

/** Every key of the portal, for the listener and for the map. */
export function shellShortcuts(router: AnyRouter, navigation: NavigationItem[], toggleRail: () => void): Shortcut[] {
  const goTo = navigation
    .filter(({ key }) => key !== undefined)
    .map(({ key, label, to }): Shortcut => ({
      keys: `g ${key}`,
      label,
      group: 'Go to',
      run: () => void router.navigate({ to }),
    }));
  return [
    { keys: 'mod+k', label: 'Search and commands', group: 'Everywhere', run: () => openPalette() },
    { keys: '/', label: 'Filter of the page', group: 'Everywhere', run: focusFilter },
    { keys: '[', label: 'Collapse or widen the navigation', group: 'Everywhere', run: toggleRail },
    { keys: '?', label: 'All keys', group: 'Everywhere', run: openKeyboardMap },
    ...goTo,
    { keys: 'j', label: 'Next row', group: 'Lists', run: intoList },
    { keys: 'k', label: 'Row before', group: 'Lists' },
    { keys: 'enter', label: 'Open the row', group: 'Lists' },
    { keys: 'x', label: 'Choose the row', group: 'Lists' },
    { keys: 't', label: 'Find in these documents', group: 'Documents' },
    { keys: 'j', label: 'Next page', group: 'Documents' },
    { keys: 'k', label: 'Page before', group: 'Documents' },
    { keys: 's', label: 'Star', group: 'The thing in focus', run: () => press('star') },
    { keys: 'e', label: 'Edit', group: 'The thing in focus', run: () => press('edit') },
    { keys: '.', label: 'Actions', group: 'The thing in focus', run: actionsInFocus },
  ];
}
