import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMayAll } from '../../../core/session/index.ts';
import { AppLink, count, RelativeTime, Status, type StatusLevel } from '../../../core/ui/index.ts';
import { entityProblemsQuery, provenanceQuery } from '../api.ts';
import { keyOf, textAt } from '../entity.ts';
import { entityTarget } from './EntityLink.tsx';
import classes from './Warnings.module.css';

type Warning = { id: string; level: StatusLevel; label: string; more: ReactNode };

/** What is doubtful about an entity, each with what to do next. Nothing where nothing is. */
export function Warnings({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const key = keyOf(entity);
  const problems = useQuery(entityProblemsQuery(entityRef)).data?.items ?? [];
  const provenance = useQuery(provenanceQuery(key)).data;
  const source = provenance?.source;
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'CATALOG_ENTITY_CONFLICT');
  const dangling = problems.filter(({ code }) => code === 'CATALOG_RELATION_TARGET_MISSING');
  const may = useMayAll();
  const mend = (line?: number) =>
    may('catalog.entity.validate') ? (
      <AppLink to="/catalog-edit" search={{ entity: entityRef, ...(line && { line: String(line) }) }}>
        Edit the descriptor
      </AppLink>
    ) : null;
  const warnings: Warning[] = [];
  if (errors.length > 0)
    warnings.push({
      id: 'broken',
      level: 'failing',
      label: `The newest version of its descriptor has ${count(errors.length, 'error')}`,
      more: (
        <>
          Since <RelativeTime at={errors[0]!.firstSeenAt} /> the last good version is shown
          {provenance ? (
            <>
              , of <RelativeTime at={provenance.updatedAt} />
            </>
          ) : null}
          . {mend(errors[0]!.line)} <AppLink {...entityTarget(key, 'problems')}>See the problems</AppLink>
        </>
      ),
    });
  if (source?.failingSince)
    warnings.push({
      id: 'stale',
      level: 'warning',
      label: 'Its source does not answer, so this may be old',
      more: (
        <>
          Failing since <RelativeTime at={source.failingSince} />
          {source.lastSuccessAt ? (
            <>
              , last read <RelativeTime at={source.lastSuccessAt} />
            </>
          ) : null}
          . {source.error?.fix} <AppLink to="/admin/sources">Open the sources</AppLink>
        </>
      ),
    });
  if (source?.held)
    warnings.push({
      id: 'held',
      level: 'warning',
      label: 'Its source would delete much at once and waits to be confirmed',
      more: (
        <>
          This entity may be gone in truth. <AppLink to="/admin/sources">Confirm or mend the source</AppLink>
        </>
      ),
    });
  if (textAt(entity, 'metadata.annotations.backstage.io/orphan') === 'true')
    warnings.push({
      id: 'orphan',
      level: 'warning',
      label: 'Nothing describes it any more',
      more: 'Put its descriptor back, or delete the entity.',
    });
  if (provenance && provenance.claims.length > 0)
    warnings.push({
      id: 'conflict',
      level: 'warning',
      label: `${count(provenance.claims.length, 'other file describes', 'other files describe')} it, too`,
      more: (
        <>
          {provenance.claims.slice(0, 3).map((claim) => (
            <code key={claim}>{claim.replace(/^(file|url|git):/, '')} </code>
          ))}
          are not taken: rename or remove all but one. <AppLink to="/problems">See the problems</AppLink>
        </>
      ),
    });
  if (dangling.length > 0)
    warnings.push({
      id: 'dangling',
      level: 'warning',
      label: `It names ${count(dangling.length, 'entity that does', 'entities that do')} not exist`,
      more: (
        <>
          {dangling.slice(0, 5).map(({ id, found }) => (
            <code key={id}>{found} </code>
          ))}
          {mend(dangling[0]!.line)}
          {may('catalog.location.create') ? (
            <>
              {' or '}
              <AppLink to="/catalog-import">register what describes them</AppLink>
            </>
          ) : null}
        </>
      ),
    });
  if (warnings.length === 0) return null;
  return (
    <ul className={classes.warnings} aria-label="Warnings">
      {warnings.map(({ id, level, label, more }) => (
        <li key={id}>
          <Status level={level} label={label} />
          <span className={classes.more}>{more}</span>
        </li>
      ))}
    </ul>
  );
}
