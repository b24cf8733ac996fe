import type { WebPlugin } from '@callboard/model/http';
import type { ViewModel } from '@callboard/model/plugins';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ErrorState, RelativeTime, SkeletonRows, Status } from '../../ui/index.ts';
import { readView, viewQuery } from '../api.ts';
import { Drawing } from './Drawing.tsx';
import { saysNothing } from './nothing.ts';
import classes from './views.module.css';

type ViewPartProps = { plugin: WebPlugin; view: string; entityRef?: string | undefined; isCard?: boolean };

/** A view of a plugin, drawn by the portal: on its way, failing, old, or as it should be. */
export function ViewPart({ plugin, view, entityRef, isCard = false }: ViewPartProps) {
  const client = useQueryClient();
  const options = viewQuery(plugin, view, entityRef);
  const { data, error, refetch } = useQuery(options);
  const again = useMutation({
    mutationFn: () => readView(plugin.id, view, { entityRef, fresh: true }),
    onSuccess: (fresh) => client.setQueryData(options.queryKey, fresh),
  });
  const declared = plugin.contributes.views?.find(({ id }) => id === view);
  const title = declared?.title ?? view;
  if (!data)
    return error ? (
      <ErrorState
        error={error}
        what={`“${title}” of ${plugin.title} ${plugin.version} could not be read`}
        onRetry={() => void refetch()}
      />
    ) : (
      <SkeletonRows rows={2} label={`Loading ${title}`} />
    );
  // Whoever lays cards out leaves out those that have nothing to do with the entity.
  if (isCard && saysNothing(data.view as ViewModel)) return <span hidden data-nothing />;
  const problem = data.problem ?? (error ? { message: error.message, fix: '' } : undefined);
  const failed = again.error;
  return (
    <div className={classes.view}>
      {problem || data.stale ? (
        <p className={classes.stale} role="status">
          <Status level="warning" label="Not up to date" />
          {data.problem ? (
            <>
              {' '}
              since <RelativeTime at={data.problem.since} />:
            </>
          ) : null}{' '}
          {problem?.message} {problem?.fix}
        </p>
      ) : null}
      <Drawing view={data.view as ViewModel} askedAt={data.at} />
      <p className={classes.age}>
        <span>
          Asked <RelativeTime at={data.at} />
        </span>
        <button
          type="button"
          disabled={again.isPending}
          onClick={() => again.mutate()}
          aria-label={`Ask again for ${title}`}
        >
          {again.isPending ? 'Asking …' : 'Ask again'}
        </button>
        {failed ? <span role="alert">{failed.message}</span> : null}
      </p>
    </div>
  );
}
