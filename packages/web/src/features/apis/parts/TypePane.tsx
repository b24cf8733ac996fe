import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ErrorState, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { typeQuery } from '../api.ts';
import classes from './Panes.module.css';
import { SchemaView } from './SchemaView.tsx';
import { KnownTypes } from './types.tsx';

/** One type with its fields. */
export function TypePane({ entityRef, id }: { entityRef: string; id: string }) {
  const { data, error, refetch } = useQuery(typeQuery(entityRef, id));
  const known = useMemo(() => ({ entityRef, types: data?.types ?? {} }), [entityRef, data]);
  if (error && !data)
    return <ErrorState error={error} what="This type could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the type" />;
  const { name, what, schema } = data.item;
  return (
    <KnownTypes value={known}>
      <div className={classes.overview}>
        <header className={classes.head}>
          <h2 className={classes.title}>{name}</h2>
          <p className={classes.path}>
            <span className={classes.small}>{what}</span>
            {schema.deprecated ? <Status level="warning" label="Deprecated" /> : null}
          </p>
        </header>
        <SchemaView key={id} schema={schema} withName={schema.ref !== undefined} />
      </div>
    </KnownTypes>
  );
}
