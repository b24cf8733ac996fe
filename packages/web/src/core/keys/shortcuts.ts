import { useEffect } from 'react';
import { createFollower, nameOfPress } from './press.ts';
import { isDialogOpen, isTyping } from './typing.ts';

/** One line of the keyboard map. Without `run` it only tells of a key that a part of a page has for itself. */
export type Shortcut = {
  /** `mod+k`, `?` or a pair: `g h`. */
  keys: string;
  label: string;
  group: 'Everywhere' | 'Go to' | 'Lists' | 'Documents' | 'The thing in focus';
  run?: () => void;
};

/**
 * Listens for the shortcuts. Letters without a modifier are left alone while somebody types, in dialogs, and when they are switched off.
 *
 * @param options.first - a page's own keys, which come before those of the whole portal
 */
export function useShortcuts(shortcuts: Shortcut[], letters: boolean, { first = false } = {}): void {
  useEffect(() => {
    const active = shortcuts.filter(({ run, keys }) => run && (letters || keys.startsWith('mod+')));
    const follow = createFollower((keys) =>
      active.some((shortcut) => shortcut.keys === keys)
        ? 'whole'
        : active.some((shortcut) => shortcut.keys.startsWith(`${keys} `))
          ? 'start'
          : undefined,
    );
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const press = nameOfPress(event);
      if (press === undefined) return;
      if (!press.startsWith('mod+') && (isTyping(event.target) || isDialogOpen())) return;
      const keys = follow(press, event.timeStamp);
      const shortcut = active.find((each) => each.keys === keys);
      if (!shortcut) return;
      event.preventDefault();
      shortcut.run!();
    };
    document.addEventListener('keydown', listen, { capture: first });
    return () => document.removeEventListener('keydown', listen, { capture: first });
  }, [shortcuts, letters, first]);
}
