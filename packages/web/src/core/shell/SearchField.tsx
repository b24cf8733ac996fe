import { IconSearch } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { openPalette } from '../palette/index.ts';
import { paletteKeys } from './keys.ts';
import classes from './SearchField.module.css';

/** Opens the palette from any page: looks like the field that it becomes. */
export function SearchField() {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  // Home has a larger one; two would ask which one to use.
  if (pathname === '/') return null;
  return (
    <button
      type="button"
      className={classes.field}
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => openPalette()}
    >
      <IconSearch size="1rem" aria-hidden />
      <span className={classes.words}>Search</span>
      <kbd aria-hidden="true">{paletteKeys}</kbd>
    </button>
  );
}
