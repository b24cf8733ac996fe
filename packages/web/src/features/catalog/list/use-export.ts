import { useEffect, useRef, useState } from 'react';
import type { Entity } from '@callboard/model';
import type { Column } from '../columns.tsx';
import { offer, toFile, type Format } from './read-all.ts';

type State = { busy: boolean; done: number; error: Error | undefined };
type Pages = (signal: AbortSignal) => AsyncIterable<Entity[]>;

/** Makes files of entities, one at a time; ends with the part of the page that asked for it. */
export function useExport(name: string) {
  const [state, setState] = useState<State>({ busy: false, done: 0, error: undefined });
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (pages: Pages, format: Format, columns: Column[]) => {
    const control = new AbortController();
    running.current = control;
    setState({ busy: true, done: 0, error: undefined });
    try {
      const tell = (done: number) => setState({ busy: true, done, error: undefined });
      const file = await toFile(pages(control.signal), format, columns, tell);
      offer(file, `${name}.${format}`);
      setState((before) => ({ ...before, busy: false }));
    } catch (error) {
      const stopped = control.signal.aborted;
      setState({ busy: false, done: 0, error: stopped ? undefined : (error as Error) });
    }
  };
  return { ...state, start, cancel: () => running.current?.abort() };
}
