import type { SerializedTaskEvent } from '@callboard/model/http';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { copyText, Status } from '../../../core/ui/index.ts';
import classes from './Run.module.css';

type LogProps = {
  events: SerializedTaskEvent[];
  /** only what this step said */
  step: string | undefined;
  isLive: boolean;
  isOver: boolean;
};

type Line = { id: string; text: string; at: string; step?: string | undefined; level?: string | undefined };

/** Colour codes of terminals say nothing here. */
const codes = /\p{Cc}\[[\d;]*[A-Za-z]/gu;

const timeOf = (at: string) => new Date(at).toLocaleTimeString('en-GB', { hour12: false });

function linesOf(events: SerializedTaskEvent[], step: string | undefined): Line[] {
  return events
    .filter(({ body }) => step === undefined || body.stepId === step)
    .flatMap(({ id, createdAt, body }) =>
      body.message
        .replaceAll(codes, '')
        .split('\n')
        .map((text, index) => ({
          id: `${id}.${index}`,
          text,
          at: createdAt,
          step: body.stepId,
          level: body.level ?? (body.status === 'failed' || body.error ? 'error' : undefined),
        })),
    );
}

/** The log, which follows what comes until somebody scrolls up. */
export function Log({ events, step, isLive, isOver }: LogProps) {
  const lines = useMemo(() => linesOf(events, step), [events, step]);
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 30,
    getItemKey: (index) => lines[index]!.id,
  });
  useEffect(() => {
    if (follows && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follows, lines.length, rows]);
  return (
    <section className={classes.log} aria-label="Log">
      <div className={classes.logHead}>
        <h2>Log</h2>
        <span role="status" className={classes.dim}>
          {isOver ? 'ended' : isLive ? 'live' : 'connecting…'}
        </span>
        <span className={classes.logTools}>
          {follows ? null : (
            <button type="button" onClick={() => setFollows(true)}>
              Follow
            </button>
          )}
          <button
            type="button"
            disabled={lines.length === 0}
            onClick={() => void copyText(lines.map(({ at, text }) => `${at} ${text}`).join('\n'))}
          >
            Copy
          </button>
        </span>
      </div>
      {/* A region that scrolls must be reachable by the keyboard. */}
      <div
        ref={box}
        className={classes.lines}
        tabIndex={0}
        role="region"
        aria-label="Lines of the log"
        onScroll={({ currentTarget }) => {
          const { scrollTop, clientHeight, scrollHeight } = currentTarget;
          setFollows(scrollHeight - scrollTop - clientHeight < 24);
        }}
      >
        {lines.length === 0 ? (
          <p className={classes.dim}>{isOver ? 'Nothing was said.' : 'Waiting for the first line…'}</p>
        ) : (
          <div className={classes.room} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map(({ index, key, start }) => {
              const line = lines[index]!;
              return (
                <div
                  key={key}
                  ref={rows.measureElement}
                  data-index={index}
                  data-level={line.level}
                  className={classes.line}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <time dateTime={line.at}>{timeOf(line.at)}</time>
                  <span className={classes.lineText}>
                    {line.level === 'error' || line.level === 'warn' ? (
                      <Status level={line.level === 'error' ? 'failing' : 'warning'} label={line.level} short="" />
                    ) : null}
                    {line.text || ' '}
                  </span>
                </div>
              );
            })}
          </div>
        )}
      </div>
    </section>
  );
}
