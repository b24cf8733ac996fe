import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { AppLink, Copyable, count } from '../../../core/ui/index.ts';
import { EntityLink, entityTarget, readRef, targetsOf, textAt } from '../../catalog/index.ts';
import { overviewQuery, useSummary } from '../api.ts';
import { formatNames } from '../formats.ts';
import { remotesOf } from '../remotes.ts';
import classes from './CallCard.module.css';
import { Offers } from './ComponentApis.tsx';

const shown = 4;

/** Where an API answers and what it offers; of a component, the APIs that it provides. */
export function CallCard({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  if (textAt(entity, 'spec.definition') !== undefined) return <Definition entityRef={entityRef} />;
  const remotes = remotesOf(entity);
  if (remotes.length > 0)
    return (
      <ul>
        {remotes.slice(0, shown).map(({ url, type }) => (
          <li key={url} className={classes.line}>
            <Copyable text={url} label={`Copy ${url}`} />
            <span className={classes.dimmed}>{type}</span>
          </li>
        ))}
      </ul>
    );
  const provided = targetsOf(entity, 'providesApi');
  const ref = readRef(entityRef, undefined, 'default')!;
  return (
    <ul>
      {provided.slice(0, shown).map((api) => (
        <Provided key={api} api={api} />
      ))}
      {provided.length > shown ? (
        <li>
          <AppLink {...entityTarget(ref, 'api')}>{provided.length - shown} more</AppLink>
        </li>
      ) : null}
    </ul>
  );
}

function Provided({ api }: { api: string }) {
  const { data } = useSummary(api);
  return (
    <li className={classes.line}>
      <EntityLink entityRef={api} tab={data ? 'definition' : undefined} />
      <span className={classes.dimmed}>
        {data ? [data.version, formatNames[data.format]].filter(Boolean).join(' · ') : null}
      </span>
      <span className={classes.dimmed}>
        <Offers summary={data} />
      </span>
    </li>
  );
}

function Definition({ entityRef }: { entityRef: string }) {
  const { data } = useQuery(overviewQuery(entityRef));
  const ref = readRef(entityRef, undefined, 'default')!;
  const what = data
    ? [
        data.version,
        [formatNames[data.format], data.formatVersion].filter(Boolean).join(' '),
        data.operations > 0 ? count(data.operations, 'operation') : undefined,
        data.operations === 0 && data.types > 0 ? count(data.types, 'type') : undefined,
      ].filter(Boolean)
    : [];
  return (
    <>
      <p>
        <AppLink {...entityTarget(ref, 'definition')} className={classes.strong}>
          {data ? what.join(' · ') : 'Definition'}
        </AppLink>
      </p>
      <ul>
        {data?.servers.slice(0, 2).map(({ url, description }) => (
          <li key={`${url} ${description ?? ''}`} className={classes.line}>
            <Copyable text={url} label={`Copy ${url}`} />
            <span className={classes.dimmed}>{description}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
