import { layoutGraph, type LayoutInput } from './layout.ts';

/** Places graphs beside the page, so that it stays alive meanwhile. */
self.addEventListener('message', ({ data }: MessageEvent<{ id: number; input: LayoutInput }>) => {
  self.postMessage({ id: data.id, result: layoutGraph(data.input) });
});
