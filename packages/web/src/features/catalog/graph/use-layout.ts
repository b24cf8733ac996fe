import { useEffect, useState } from 'react';
import type { LayoutInput, LayoutResult } from './layout.ts';

type Answer = { id: number; result: LayoutResult };
export type Laid = { input: LayoutInput; result: LayoutResult };

let worker: Worker | undefined;
let last = 0;

const start = () => (worker ??= new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' }));

/** Where things are placed; the last picture stays until the next one is ready. `failed` when the worker could not be had. */
export function useLayout(input: LayoutInput | undefined): { laid: Laid | undefined; failed: boolean } {
  const [laid, setLaid] = useState<Laid>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!input) return;
    const id = ++last;
    const layouts = start();
    const heard = ({ data }: MessageEvent<Answer>) => {
      if (data.id === id) setLaid({ input, result: data.result });
    };
    const broke = () => {
      worker?.terminate();
      worker = undefined;
      setFailed(true);
    };
    layouts.addEventListener('message', heard);
    layouts.addEventListener('error', broke);
    layouts.postMessage({ id, input });
    return () => {
      layouts.removeEventListener('message', heard);
      layouts.removeEventListener('error', broke);
    };
  }, [input]);
  return { laid, failed };
}
