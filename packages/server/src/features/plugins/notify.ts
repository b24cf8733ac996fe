import type { Events, StoredEvent } from '../../core/events/index.ts';
import type { Logger } from '../../core/log/index.ts';
import type { Roles } from './roles.ts';
import type { Runtime } from './runtime.ts';

/** What happened so long ago is no news: no plugin could bring it then. */
const lateMs = 3_600_000;
const ends: Record<string, string> = {
  'scaffolder.run.completed': 'is done',
  'scaffolder.run.failed': 'has failed',
};

/** Tells people by the notifiers of plugins that what they began has ended. The log of events is followed only while there is a notifier. */
export function createNotifying(parts: {
  runtime: Runtime;
  roles: Roles;
  events: Events;
  log: Logger;
  /** Where the portal is for people; messages are read elsewhere */
  baseUrl?: string | undefined;
}) {
  const { runtime, roles, events, log, baseUrl = '' } = parts;
  let stopFollowing: (() => Promise<void>) | undefined;
  let isStarted = false;

  async function tell({ type, actor, data, at }: StoredEvent): Promise<void> {
    const end = ends[type];
    if (end === undefined || !actor?.startsWith('user:') || !data || at < Date.now() - lateMs) return;
    const { title: name = 'A template', runId = '', code } = data as { title?: string; runId?: string; code?: string };
    const title = `${name} ${end}`;
    const text = code !== undefined ? `It ended with ${code}. The page of the run says why.` : '';
    const href = `${baseUrl.replace(/\/$/, '')}/create/tasks/${runId}`;
    for (const { plugin, delivered, reason } of await roles.notify({ to: actor, title, text, href }))
      if (!delivered) log.warn({ plugin, reason }, 'a message was not brought to somebody');
  }

  function bringInLine(): void {
    const isWanted =
      isStarted &&
      runtime
        .all()
        .some(({ state, manifest }) => state === 'enabled' && (manifest.contributes?.notifiers?.length ?? 0) > 0);
    if (isWanted)
      stopFollowing ??= events.consume(
        'plugins.notify',
        async (batch) => {
          for (const event of batch) await tell(event);
        },
        { from: 'now', patient: true },
      );
    else {
      void stopFollowing?.();
      stopFollowing = undefined;
    }
  }
  runtime.onChange(bringInLine);

  return {
    start(): void {
      isStarted = true;
      bringInLine();
    },
    async stop(): Promise<void> {
      isStarted = false;
      await stopFollowing?.();
    },
  };
}
