import { lazy, Suspense } from 'react';
import { useKeyboardMapOpen } from './map.ts';
import type { Shortcut } from './shortcuts.ts';

const KeyboardMap = lazy(() =>
  import('./KeyboardMap.tsx').then(({ KeyboardMap: component }) => ({ default: component })),
);

/** The place of the keyboard map in the frame. */
export function KeyboardMapHost({ shortcuts }: { shortcuts: Shortcut[] }) {
  return useKeyboardMapOpen() ? (
    <Suspense fallback={null}>
      <KeyboardMap shortcuts={shortcuts} />
    </Suspense>
  ) : null;
}
