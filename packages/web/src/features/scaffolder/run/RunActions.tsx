import { Button } from '@mantine/core';
import { IconDownload, IconPlayerPlay, IconPlayerStop, IconRefresh, IconRotate2 } from '@tabler/icons-react';
import type { SerializedTask } from '@callboard/model/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { JsonObject } from '@callboard/model';
import { useState } from 'react';
import { Status } from '../../../core/ui/index.ts';
import { cancelRun, retryRun, rollBackRun, workspaceAddress, type Secrets } from '../api.ts';
import { keep } from '../form/kept.ts';
import { isOver } from '../parts/words.ts';
import { Ask } from './Ask.tsx';

const icon = { size: '0.875rem' } as const;

/** What can be done with a run as it is now. */
export function RunActions({ task }: { task: SerializedTask }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'retry' | 'rollback' | 'cancel'>();
  const settled = () => client.invalidateQueries({ queryKey: ['scaffolder'] });
  const act = useMutation({
    mutationFn: async ({ what, secrets }: { what: 'retry' | 'rollback' | 'cancel'; secrets: Secrets }) => {
      if (what === 'cancel') return cancelRun(task.id);
      return what === 'retry' ? retryRun(task.id, secrets) : rollBackRun(task.id, secrets);
    },
    async onSuccess() {
      setAsked(undefined);
      await settled();
    },
    onError: settled,
  });
  const secrets = task.needsSecrets ?? [];
  const failed = task.steps?.find(({ status }) => status === 'failed' || status === 'cancelled');
  const [namespace, name] = task.template.ref.replace(/^template:/, '').split('/');
  const go = (what: 'retry' | 'rollback' | 'cancel') => (given: Secrets) => act.mutate({ what, secrets: given });
  return (
    <>
      {act.error ? <Status level="failing" label={act.error.message} isSentence /> : null}
      {task.mayRetry ? (
        <Button
          size="xs"
          leftSection={<IconRefresh {...icon} />}
          loading={act.isPending && asked === undefined}
          onClick={() => (secrets.length > 0 ? setAsked('retry') : act.mutate({ what: 'retry', secrets: {} }))}
        >
          {failed ? `Retry from “${failed.name}”` : 'Retry'}
        </Button>
      ) : null}
      {task.mayCancel ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop {...icon} />}
          onClick={() => setAsked('cancel')}
        >
          Cancel the run
        </Button>
      ) : null}
      {task.mayRollBack ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRotate2 {...icon} />}
          onClick={() => setAsked('rollback')}
        >
          Take back
        </Button>
      ) : null}
      {task.hasWorkspace ? (
        <Button
          component="a"
          href={workspaceAddress(task.id)}
          download
          size="xs"
          variant="default"
          leftSection={<IconDownload {...icon} />}
        >
          Download files
        </Button>
      ) : null}
      {isOver(task.status) && namespace && name ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPlay {...icon} />}
          onClick={() => {
            // The answers go by this tab's memory: an address is no place for them.
            keep({ namespace, name }, (task.spec['parameters'] ?? {}) as JsonObject);
            void navigate({ to: `/create/templates/${namespace}/${name}` });
          }}
        >
          Start over
        </Button>
      ) : null}
      {asked === 'cancel' ? (
        <Ask
          title="Cancel this run?"
          secrets={[]}
          verb="Cancel the run"
          isRisky
          isPending={act.isPending}
          onGo={go('cancel')}
          onClose={() => setAsked(undefined)}
        >
          <p>
            The step that runs now is ended. What earlier steps made outside stays, and can be taken back afterwards.
          </p>
        </Ask>
      ) : null}
      {asked === 'retry' ? (
        <Ask
          title="Retry this run"
          secrets={secrets}
          verb="Retry"
          isPending={act.isPending}
          onGo={go('retry')}
          onClose={() => setAsked(undefined)}
        >
          <p>Secrets were forgotten when the run ended. Give them again; the steps that were done are not run again.</p>
        </Ask>
      ) : null}
      {asked === 'rollback' ? (
        <Ask
          title="Take back what this run made?"
          secrets={secrets}
          verb="Take back"
          isRisky
          isPending={act.isPending}
          onGo={go('rollback')}
          onClose={() => setAsked(undefined)}
        >
          <p>
            The steps are undone from the last to the first, as far as their actions can: repositories that this run
            made are removed, and what it registered leaves the catalog.
          </p>
        </Ask>
      ) : null}
    </>
  );
}
