import type { PluginChecksResponse } from '@callboard/model/http';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { EntityPartProps } from '../router/index.ts';
import { ErrorState, RelativeTime, SkeletonRows, Status, type StatusLevel } from '../ui/index.ts';
import { checksQuery } from './api.ts';
import classes from './Checks.module.css';
import { Anchor } from './views/Anchor.tsx';

type Check = PluginChecksResponse['items'][number];

const order = ['fails', 'unknown', 'holds', 'not-applicable'];
const said: Record<Check['result'], { level: StatusLevel; words: string }> = {
  holds: { level: 'ok', words: 'holds' },
  fails: { level: 'failing', words: 'fails' },
  unknown: { level: 'unknown', words: 'not known' },
  'not-applicable': { level: 'unknown', words: 'not applicable' },
};

function CheckLine({ check }: { check: Check }) {
  const { title, description, result, message, fix, href } = check;
  const id = useId();
  const { level, words } = said[result];
  return (
    <li aria-labelledby={id}>
      <span id={id} title={description}>
        <Anchor href={href}>
          <Status level={level} label={`${title}: ${words}`} />
        </Anchor>
      </span>
      {message ? <span className={classes.why}>{message}</span> : null}
      {fix ? <span className={classes.fix}>{fix}</span> : null}
    </li>
  );
}

/** What checks of plugins say of an entity: what fails comes first, with the reason and the next step. */
export function Checks({ entityRef }: EntityPartProps) {
  const { data, error, refetch } = useQuery(checksQuery(entityRef));
  if (!data)
    return error ? (
      <ErrorState error={error} what="The checks could not be asked" onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={2} label="Loading the checks" />
    );
  const { items } = data;
  if (items.length === 0) return <p className={classes.quiet}>No check that is on is for this entity.</p>;
  const sorted = items.toSorted((a, b) => order.indexOf(a.result) - order.indexOf(b.result));
  const oldest = items.map(({ at }) => at).toSorted()[0]!;
  return (
    <>
      <ul className={classes.checks}>
        {sorted.map((check) => (
          <CheckLine key={`${check.plugin} ${check.id}`} check={check} />
        ))}
      </ul>
      <p className={classes.quiet}>
        Looked at <RelativeTime at={oldest} />
      </p>
    </>
  );
}
