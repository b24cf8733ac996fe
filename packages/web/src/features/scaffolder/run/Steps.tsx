import type { SerializedTask } from '@callboard/model/http';
import { useEffect, useState } from 'react';
import { AppLink, Status } from '../../../core/ui/index.ts';
import { duration, statusLevels, statusWords } from '../parts/words.ts';
import classes from './Run.module.css';

type Step = NonNullable<SerializedTask['steps']>[number];

/** The clock of a step that runs. */
function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** The steps of a run with their state and time; a step narrows the log to what it said. */
export function Steps({ steps, chosen }: { steps: Step[]; chosen: string | undefined }) {
  const now = useNow(steps.some(({ status }) => status === 'processing'));
  return (
    <ol className={classes.steps}>
      {steps.map((step) => {
        const { id, name, action, status, startedAt, endedAt, attempts, undone } = step;
        const took = startedAt ? (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt) : undefined;
        return (
          <li key={id} data-status={status} data-current={chosen === id}>
            <AppLink
              to="."
              search={chosen === id ? {} : { step: id }}
              resetScroll={false}
              current={chosen === id ? 'true' : undefined}
              title={chosen === id ? 'Show the whole log' : `Show the log of ${name}`}
              className={classes.step}
            >
              <span className={classes.stepName}>{name}</span>
              <code>{action}</code>
            </AppLink>
            <span className={classes.stepFacts}>
              <Status
                level={undone ? 'warning' : statusLevels[status]}
                label={undone ? 'Taken back' : statusWords[status]}
              />
              {took !== undefined && status !== 'skipped' ? <span>{duration(took)}</span> : null}
              {attempts > 1 ? <span>attempt {attempts}</span> : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
