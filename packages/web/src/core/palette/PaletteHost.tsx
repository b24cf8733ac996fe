import { lazy, Suspense, useEffect } from 'react';
import { useFeatures } from '../router/index.ts';
import { fetchAhead } from '../api/index.ts';
import { useOpenedPalette } from './open.ts';
import { TypeAhead } from './TypeAhead.tsx';

const load = () => import('./Palette.tsx');
const Palette = lazy(() => load().then(({ Palette: component }) => ({ default: component })));

const signs = ['pointermove', 'keydown', 'touchstart', 'focusin'] as const;
const patience = 5000;

/** The place of the palette in the frame. Its code comes at the first sign of a person, or once the page is long at rest: never before the page. */
export function PaletteHost() {
  const opened = useOpenedPalette();
  const features = useFeatures();
  useEffect(() => {
    const stop = () => {
      window.clearTimeout(timer);
      for (const sign of signs) window.removeEventListener(sign, prepare);
    };
    const prepare = () => {
      stop();
      fetchAhead(load);
      for (const { palette } of features) if (palette) fetchAhead(palette);
    };
    const timer = window.setTimeout(prepare, patience);
    for (const sign of signs) window.addEventListener(sign, prepare, { passive: true });
    return stop;
  }, [features]);
  if (!opened) return null;
  return (
    <Suspense fallback={<TypeAhead id={opened.id} />}>
      <Palette key={opened.id} opened={opened} />
    </Suspense>
  );
}
