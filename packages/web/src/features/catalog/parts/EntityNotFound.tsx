import { useQuery } from '@tanstack/react-query';
import { LinkButton, EmptyState, PageHeader } from '../../../core/ui/index.ts';
import { similarQuery, type EntityKey } from '../api.ts';
import { namespaceOf } from '../entity.ts';
import { EntityLink } from './EntityLink.tsx';
import classes from './EntityNotFound.module.css';

/** No such entity: names that come near, and the way to add it. */
export function EntityNotFound({ entityKey }: { entityKey: EntityKey }) {
  const ref = `${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`;
  const whole = useQuery(similarQuery(entityKey.name));
  // A mistyped name rarely contains another one: its longest word does.
  const word = entityKey.name.split(/[^a-z0-9]+/).toSorted((a, b) => b.length - a.length)[0] ?? '';
  const part = useQuery({
    ...similarQuery(word),
    enabled: whole.data?.items.length === 0 && word !== '' && word !== entityKey.name,
  });
  const similar = whole.data?.items.length ? whole.data.items : (part.data?.items ?? []);
  return (
    <>
      <PageHeader title={entityKey.name} />
      <EmptyState
        title={`There is no ${ref}`}
        action={
          <>
            <LinkButton to="/catalog" search={{ q: word || entityKey.name }}>
              Look for “{word || entityKey.name}”
            </LinkButton>
            <LinkButton to="/catalog-import" variant="default">
              Register location
            </LinkButton>
          </>
        }
      >
        It may have been renamed or deleted, or no source has brought it yet.
      </EmptyState>
      {similar.length > 0 ? (
        <section className={classes.similar} aria-label="Similar names">
          <h2>Similar names</h2>
          <ul>
            {similar.map((entity) => (
              <li key={`${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`}>
                <EntityLink entityRef={`${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}
