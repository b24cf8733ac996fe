import { lazy, Suspense, useEffect } from 'react';
import { useFeatures } from '../router/index.ts';
import { useOpenedPalette } from './open.ts';

const load = () => import('./Palette.tsx');
const Palette = lazy(() => load().then(({ Palette: component }) => ({ default: component })));

/** The place of the palette in the frame. Its code comes once the page is at rest, or with the first key. */
export function PaletteHost() {
  const opened = useOpenedPalette();
  const features = useFeatures();
  useEffect(() => {
    const fetchAhead = () => {
      void load();
      for (const feature of features) void feature.palette?.();
    };
    if (!('requestIdleCallback' in window)) return;
    const idle = requestIdleCallback(fetchAhead, { timeout: 3000 });
    return () => cancelIdleCallback(idle);
  }, [features]);
  if (!opened) return null;
  return (
    <Suspense fallback={null}>
      <Palette key={opened.id} opened={opened} />
    </Suspense>
  );
}
