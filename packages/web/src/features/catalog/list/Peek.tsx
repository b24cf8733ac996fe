import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { count, ErrorState, Status } from '../../../core/ui/index.ts';
import { entityProblemsQuery, entityQuery } from '../api.ts';
import { nameOf, readRef, safeUrl, textAt } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import classes from './Peek.module.css';
import type { Peeked } from './use-peek.ts';

const mostLinks = 4;
const gap = 4;

type PeekProps = { peeked: Peeked; onEnter: () => void; onLeave: () => void };

/** What a row has no room for, beside it: description, owner, links, problems. */
export function Peek({ peeked, onEnter, onLeave }: PeekProps) {
  const ref = readRef(peeked.entityRef, undefined, 'default')!;
  const { data: entity, error } = useQuery(entityQuery(ref));
  const problems = useQuery(entityProblemsQuery(peeked.entityRef));
  const { titleOf } = useKinds();
  const box = useRef<HTMLElement>(null);
  const [top, setTop] = useState(peeked.row.bottom + gap);
  useLayoutEffect(() => {
    const height = box.current?.offsetHeight ?? 0;
    const below = peeked.row.bottom + gap;
    setTop(below + height > window.innerHeight ? Math.max(gap, peeked.row.top - gap - height) : below);
  }, [peeked, entity, error, problems.data]);
  const right = document.documentElement.clientWidth - peeked.row.right;
  const links = (entity?.metadata.links ?? []).flatMap(({ url, title }) => {
    const safe = safeUrl(url);
    return safe ? [{ url: safe, title: title ?? url }] : [];
  });
  const owner = entity && textAt(entity, 'spec.owner');
  const system = entity && textAt(entity, 'spec.system');
  const counts = problems.data?.counts;
  const found = counts ? counts.error + counts.warning : 0;
  return (
    <aside
      ref={box}
      className={classes.peek}
      style={{ top, right }}
      aria-label={`About ${entity ? nameOf(entity) : ref.name}`}
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
    >
      {error ? <ErrorState error={error} what="It could not be read" /> : null}
      {entity ? (
        <>
          <p className={classes.name}>
            <KindIcon kind={entity.kind} />
            <strong>{nameOf(entity)}</strong>
          </p>
          <p className={classes.facts}>
            {[titleOf(entity.kind), textAt(entity, 'spec.type'), textAt(entity, 'spec.lifecycle')]
              .filter(Boolean)
              .join(' · ')}
          </p>
          <p className={classes.description}>{entity.metadata.description ?? 'No description.'}</p>
          <dl className={classes.list}>
            {owner ? (
              <>
                <dt>Owner</dt>
                <dd>
                  <EntityLink entityRef={owner} defaultKind="group" namespace={ref.namespace} icon={false} />
                </dd>
              </>
            ) : null}
            {system ? (
              <>
                <dt>System</dt>
                <dd>
                  <EntityLink entityRef={system} defaultKind="system" namespace={ref.namespace} icon={false} />
                </dd>
              </>
            ) : null}
            {links.length > 0 ? (
              <>
                <dt>Links</dt>
                <dd>
                  {links.slice(0, mostLinks).map(({ url, title }) => (
                    <a key={url} href={url} rel="noreferrer">
                      {title}
                    </a>
                  ))}
                  {links.length > mostLinks ? <span>+{links.length - mostLinks}</span> : null}
                </dd>
              </>
            ) : null}
            {counts ? (
              <>
                <dt>Problems</dt>
                <dd>
                  {found > 0 ? (
                    <Status level={counts.error > 0 ? 'failing' : 'warning'} label={count(found, 'problem')} />
                  ) : (
                    <Status level="ok" label="None" />
                  )}
                </dd>
              </>
            ) : null}
          </dl>
        </>
      ) : error ? null : (
        <p className={classes.facts}>Loading</p>
      )}
    </aside>
  );
}
