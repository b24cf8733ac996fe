import type { Streamed } from '@callboard/plugin-api/web';
import { useEffect, useMemo, useState } from 'react';
import { ApiError, followStream } from '../../api/index.ts';
import { usePluginHere } from '../context.ts';
import { addressOfRoute } from '../plugin-api.ts';

const mostValues = 2000;
/** Values come in crowds: those of a moment are drawn together. */
const restMs = 50;
type Seen<Value> = Omit<Streamed<Value>, 'again'> & { of: string };

export function useStream<Value>(path: string | undefined): Streamed<Value> {
  const { id } = usePluginHere();
  const [round, setRound] = useState(0);
  const [seen, setSeen] = useState<Seen<Value>>({ of: '', values: [], state: 'begins' });
  const of = `${round} ${path}`;
  useEffect(() => {
    if (path === undefined) return;
    let came: Value[] = [];
    let isNew = true;
    let timer: number | undefined;
    const draw = (how: (before: Seen<Value>) => Partial<Seen<Value>>) => {
      window.clearTimeout(timer);
      timer = undefined;
      const [values, isFirst] = [came, isNew && came.length > 0];
      came = [];
      if (isFirst) isNew = false;
      // What stood before a break stays until something comes: a route begins anew when it is asked again.
      setSeen((before) => ({
        ...(before.of === of ? before : { state: 'begins' as const }),
        of,
        values: values.length === 0 ? before.values : [...(isFirst ? [] : before.values), ...values].slice(-mostValues),
        ...how(before),
      }));
    };
    const end = followStream({
      address: () => addressOfRoute(id, path),
      kinds: ['message', 'end', 'problem'],
      onMessage(data, kind) {
        if (kind === 'message') {
          came = [...came, JSON.parse(data) as Value].slice(-mostValues);
          timer ??= window.setTimeout(() => draw(() => ({})), restMs);
        } else if (kind === 'end') draw(() => ({ state: 'ended' }));
        else {
          const problem = JSON.parse(data) as { message: string; code: string; fix: string };
          draw(() => ({ state: 'failed', error: new ApiError({ status: 502, ...problem }) }));
        }
        return { last: '', isEnd: kind !== 'message' };
      },
      onState(isOpen) {
        draw(({ since }) =>
          isOpen ? { state: 'follows', since: undefined } : { state: 'broken', since: since ?? Date.now() },
        );
        isNew = true;
      },
    });
    return () => {
      end();
      window.clearTimeout(timer);
    };
  }, [id, path, of]);
  return useMemo(() => {
    const { values, ...how } = seen;
    const again = () => setRound((before) => before + 1);
    if (path === undefined) return { values, state: 'stopped', again };
    return how.of === of ? { ...how, values, again } : { values, state: 'begins', again };
  }, [seen, path, of]);
}
