import { useQuery } from '@tanstack/react-query';
import { EmptyState, LinkButton, PageHeader } from '../../../core/ui/index.ts';
import { similarQuery, type EntityKey } from '../api.ts';
import { namespaceOf } from '../entity.ts';
import { EntityLink } from './EntityLink.tsx';
import { RegisterLink } from './RegisterLink.tsx';
import classes from './EntityNotFound.module.css';

/** No such entity: names that come near, and the way to add it. */
export function EntityNotFound({ entityKey }: { entityKey: EntityKey }) {
  const { data: similar = [] } = useQuery(similarQuery(entityKey.name));
  return (
    <>
      <PageHeader title={entityKey.name} />
      <EmptyState
        title={`There is no ${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`}
        action={
          <>
            <LinkButton to="/catalog" search={{ kind: entityKey.kind }}>
              Look through the list
            </LinkButton>
            <RegisterLink variant="default" />
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
