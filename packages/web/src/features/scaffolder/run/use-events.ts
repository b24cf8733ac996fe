import type { SerializedTaskEvent } from '@callboard/model/http';
import { useEffect, useRef, useState } from 'react';
import { followStream, request } from '../../../core/api/index.ts';
import { eventList, eventStream } from '../api.ts';

/** How many lines of a log are kept on the page. */
const mostEvents = 20_000;

const gatherFor = 30;

export type LogState = { events: SerializedTaskEvent[]; isLive: boolean };

const kinds = ['log', 'completion', 'cancelled', 'recovered'] as const;

/** The events in order, each once: a stream that begins again may repeat some. */
export function withEvents(before: SerializedTaskEvent[], news: SerializedTaskEvent[]): SerializedTaskEvent[] {
  const last = before.at(-1)?.id ?? -1;
  const fresh = news.filter(({ id }, index) => id > last && news.findIndex((each) => each.id === id) === index);
  return fresh.length === 0 ? before : [...before, ...fresh].slice(-mostEvents);
}

/**
 * The log of a run: whole where the run is over, else as it comes.
 *
 * @param end - tells the end of the run from earlier ones, as a run that was over may go on; undefined while more may come
 */
export function useEvents(id: string, end: string | undefined): LogState {
  const isBusy = end === undefined;
  const [state, setState] = useState<LogState>({ events: [], isLive: false });
  const last = useRef('-1');
  // A run that went on after its end has an end in the midst of its log: the stream is asked again behind it.
  const [ends, setEnds] = useState(0);
  useEffect(() => {
    let gathered: SerializedTaskEvent[] = [];
    let timer: number | undefined;
    const flush = () => {
      const news = gathered;
      [gathered, timer] = [[], undefined];
      setState((before) => ({ ...before, events: withEvents(before.events, news) }));
      if (isBusy && news.some(({ type }) => type === 'completion')) setEnds((before) => before + 1);
    };
    const hear = (event: SerializedTaskEvent) => {
      last.current = String(event.id);
      gathered.push(event);
      timer ??= window.setTimeout(flush, gatherFor);
    };
    if (!isBusy) {
      const aborter = new AbortController();
      const read = async () => {
        for (;;) {
          const events = await request<SerializedTaskEvent[]>(eventList(id, last.current), { signal: aborter.signal });
          if (events.length === 0) return;
          events.forEach(hear);
        }
      };
      // What was said is read again with the page.
      void read().catch(() => undefined);
      return () => {
        aborter.abort();
        window.clearTimeout(timer);
        if (gathered.length > 0) flush();
      };
    }
    const stop = followStream({
      address: (heard = last.current) => eventStream(id, heard),
      kinds,
      onState: (isLive) => setState((before) => ({ ...before, isLive })),
      onMessage(data) {
        let event: SerializedTaskEvent;
        try {
          event = JSON.parse(data) as SerializedTaskEvent;
        } catch {
          return undefined;
        }
        hear(event);
        return { last: String(event.id), isEnd: event.type === 'completion' };
      },
    });
    return () => {
      stop();
      window.clearTimeout(timer);
      if (gathered.length > 0) flush();
    };
    // A run may be over again before anybody has seen that it went on: its log is read on at each end.
  }, [id, isBusy, end, ends]);
  return state;
}
