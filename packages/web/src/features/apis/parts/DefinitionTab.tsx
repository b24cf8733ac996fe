import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import {
  AppLink,
  EmptyState,
  ErrorState,
  LinkButton,
  SkeletonRows,
  StaleNote,
  Status,
  useNarrow,
} from '../../../core/ui/index.ts';
import { textAt } from '../../catalog/index.ts';
import { overviewQuery, type Overview } from '../api.ts';
import { readPlace, textHash, type Place } from '../place.ts';
import { Contents } from './Contents.tsx';
import classes from './DefinitionTab.module.css';
import { OperationPane } from './OperationPane.tsx';
import { OverviewPane } from './OverviewPane.tsx';
import { TextView } from './TextView.tsx';
import { TypePane } from './TypePane.tsx';

/** What an API offers, as a reference to read; and its definition as it was written. */
export function DefinitionTab({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const { data, error, refetch } = useQuery(overviewQuery(entityRef));
  if (error && !data)
    return <ErrorState error={error} what="The definition could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={12} label="Loading the definition" />;
  return (
    <>
      {error ? <StaleNote error={error} onRetry={() => void refetch()} /> : null}
      <Loaded entity={entity} entityRef={entityRef} overview={data} />
    </>
  );
}

function Loaded({ entity, entityRef, overview }: { entity: Entity; entityRef: string; overview: Overview }) {
  const hash = useLocation({ select: (location) => location.hash });
  const place = readPlace(hash, overview);
  const hasReference = overview.lines.length + overview.typeLines.length > 0;
  const narrow = useNarrow(60);
  const fold = useRef<HTMLDetailsElement>(null);
  const pane = useRef<HTMLDivElement>(null);
  const shown = useRef(hash);
  useEffect(() => {
    if (shown.current === hash) return;
    shown.current = hash;
    if (fold.current) fold.current.open = false;
    const top = pane.current?.getBoundingClientRect().top ?? 0;
    if (top < 0) pane.current?.scrollIntoView();
  }, [hash]);
  const contents = <Contents entityRef={entityRef} overview={overview} place={place} />;
  return (
    <>
      <Problems overview={overview} />
      {hasReference ? (
        <div className={classes.layout}>
          <aside className={classes.aside}>
            {narrow ? (
              <details ref={fold} className={classes.fold}>
                <summary>{labelOf(place, overview)}</summary>
                {contents}
              </details>
            ) : (
              contents
            )}
          </aside>
          <div ref={pane} className={classes.pane}>
            <Pane entity={entity} entityRef={entityRef} overview={overview} place={place} />
          </div>
        </div>
      ) : (
        <div className={classes.alone}>
          {overview.format === 'text' ? null : <OverviewPane entity={entity} overview={overview} />}
          <Text entity={entity} overview={overview} line={place.view === 'text' ? place.line : undefined} />
        </div>
      )}
    </>
  );
}

const labelOf = (place: Place, overview: Overview): string => {
  if (place.view === 'operation') {
    const line = overview.lines.find(({ id }) => id === place.id);
    return line?.title ?? `${line?.verb} ${line?.name}`;
  }
  return place.view === 'type' ? place.id : place.view === 'text' ? 'Definition as text' : 'Overview';
};

function Problems({ overview }: { overview: Overview }) {
  const { found, leftOut } = overview;
  if (found.length === 0 && leftOut === undefined) return null;
  return (
    <ul className={classes.problems} aria-label="Problems of the definition">
      {found.map(({ code, severity, message, fix, line }, index) => (
        <li key={index}>
          <Status level={severity === 'error' ? 'failing' : 'warning'} label={message} isSentence />
          <p>
            {fix}{' '}
            {line === undefined ? null : (
              <AppLink to="." hash={textHash(line)} resetScroll={false}>
                Line {line}
              </AppLink>
            )}{' '}
            <code>{code}</code>
          </p>
        </li>
      ))}
      {leftOut === undefined ? null : (
        <li>
          <Status level="warning" label={leftOut} />
        </li>
      )}
    </ul>
  );
}

type PaneProps = { entity: Entity; entityRef: string; overview: Overview; place: Place };

function Pane({ entity, entityRef, overview, place }: PaneProps) {
  if (place.view === 'operation') return <OperationPane entityRef={entityRef} id={place.id} overview={overview} />;
  if (place.view === 'type') return <TypePane entityRef={entityRef} id={place.id} />;
  if (place.view === 'text') return <Text entity={entity} overview={overview} line={place.line} />;
  if (place.view === 'unknown')
    return (
      <EmptyState title={`There is no “${place.id}” in this API`} action={<LinkButton to=".">Overview</LinkButton>}>
        It may have been renamed or removed since this address was made.
      </EmptyState>
    );
  return <OverviewPane entity={entity} overview={overview} />;
}

function Text({ entity, overview, line }: { entity: Entity; overview: Overview; line: number | undefined }) {
  return (
    <TextView
      name={entity.metadata.name}
      text={textAt(entity, 'spec.definition') ?? ''}
      language={overview.language}
      line={line}
      problems={overview.found}
    />
  );
}
