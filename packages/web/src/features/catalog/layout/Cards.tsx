import type { Entity, Problem } from '@callboard/model';
import { CatchBoundary } from '@tanstack/react-router';
import { Suspense } from 'react';
import type { EntityCard, Evidence } from '../../../core/router/index.ts';
import { ErrorState, SkeletonRows, Status } from '../../../core/ui/index.ts';
import classes from './Cards.module.css';
import type { Place } from './choose.ts';

type CardsProps = {
  places: Place[];
  known: ReadonlyMap<string, EntityCard>;
  entity: Entity;
  entityRef: string;
  problems: readonly Problem[];
  evidence: Evidence | undefined;
};

/** The cards of a page in their rows; what is left of a row is filled by the cards in it. */
export function Cards({ places, known, entity, entityRef, problems, evidence }: CardsProps) {
  const hasContent = (id: string) => known.get(id)?.when?.(entity, problems, evidence) ?? true;
  return (
    <div className={classes.cards}>
      {places.map(({ width, stacked, cards }, index) => {
        const shown = cards.filter(({ id }) => hasContent(id));
        if (shown.length === 0) return null;
        return (
          <div key={index} className={stacked ? classes.stack : classes.alone} data-width={width}>
            {shown.map(({ id, title }) => {
              const card = known.get(id);
              return card ? (
                <Framed key={id} card={card} title={title ?? card.title} entity={entity} entityRef={entityRef} />
              ) : (
                <Unknown key={id} id={id} />
              );
            })}
          </div>
        );
      })}
    </div>
  );
}

const Failed = ({ error, reset }: { error: unknown; reset: () => void }) => (
  <ErrorState
    error={error instanceof Error ? error : new Error(String(error))}
    what="This card could not be shown"
    onRetry={reset}
  />
);

type FramedProps = { card: EntityCard; title: string; entity: Entity; entityRef: string };

/** A card that fails or is still on its way leaves the others alone. */
function Framed({ card, title, entity, entityRef }: FramedProps) {
  const Content = card.component;
  const content = (
    <CatchBoundary getResetKey={() => entityRef} errorComponent={Failed}>
      <Suspense fallback={<SkeletonRows rows={2} label={`Loading ${title}`} />}>
        <Content entity={entity} entityRef={entityRef} />
      </Suspense>
    </CatchBoundary>
  );
  if (card.bare) return <div className={classes.bare}>{content}</div>;
  return (
    <section className={classes.card} aria-label={title}>
      <h2>{title}</h2>
      {content}
    </section>
  );
}

const Unknown = ({ id }: { id: string }) => (
  <section className={classes.card} aria-label={id}>
    <h2>{id}</h2>
    <Status level="warning" label={`No feature or plugin has a card “${id}”`} />
    <p className={classes.dimmed}>Install the plugin that brings it, or take it out of catalog.pages.</p>
  </section>
);
