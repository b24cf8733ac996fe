import type { ViewAction } from '@callboard/model/plugins';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/index.ts';
import { usePluginHere } from '../context.ts';
import { addressOfRoute } from '../plugin-api.ts';
import classes from './views.module.css';

/** What the route says of what was done. */
const said = (answer: { message?: unknown } | undefined): string =>
  typeof answer?.message === 'string' && answer.message !== '' ? answer.message : 'Done';

/** One button, which asks before what cannot be taken back. */
function Action({ action }: { action: ViewAction }) {
  const plugin = usePluginHere();
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const route = plugin.contributes.routes?.find(({ id }) => id === action.route);
  const running = useMutation({
    mutationFn: () => {
      const path = route!.path.replaceAll(/:([a-z][A-Za-z0-9]*)/g, (_word, name: string) =>
        encodeURIComponent(action.params?.[name] ?? ''),
      );
      return request<{ message?: unknown } | undefined>(addressOfRoute(plugin.id, path), {
        method: route!.method,
        body: action.body,
      });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['plugin-data', plugin.id] }),
    onSettled: () => setAsks(false),
  });
  if (!route || (route.permission !== undefined && !plugin.permissions.includes(route.permission))) return null;
  const run = () => running.mutate();
  return (
    <span className={classes.action}>
      {asks ? (
        <span role="group" aria-label={action.title}>
          {action.confirm}{' '}
          <button type="button" disabled={running.isPending} onClick={run}>
            {running.isPending ? 'Working …' : action.title}
          </button>{' '}
          <button type="button" disabled={running.isPending} onClick={() => setAsks(false)}>
            Cancel
          </button>
        </span>
      ) : (
        <button
          type="button"
          data-tone={action.tone}
          disabled={running.isPending}
          onClick={() => (action.confirm === undefined ? run() : setAsks(true))}
        >
          {running.isPending ? 'Working …' : action.title}
        </button>
      )}
      {running.error ? <span role="alert">{running.error.message}</span> : null}
      {running.isSuccess ? <span role="status">{said(running.data)}</span> : null}
    </span>
  );
}

/** Buttons of a view. Those of routes that somebody may not use are not there. */
export function Actions({ actions }: { actions: readonly ViewAction[] | undefined }) {
  if (!actions || actions.length === 0) return null;
  return (
    <span className={classes.actions}>
      {actions.map((action, index) => (
        <Action key={index} action={action} />
      ))}
    </span>
  );
}
