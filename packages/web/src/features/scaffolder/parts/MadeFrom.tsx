import { useQuery } from '@tanstack/react-query';
import type { EntityPartProps } from '../../../core/router/index.ts';
import { AppLink, RelativeTime, SkeletonRows } from '../../../core/ui/index.ts';
import { EntityLink, textAt } from '../../catalog/index.ts';
import { madeByQuery } from '../api.ts';
import classes from './Parts.module.css';
import { Person } from './Person.tsx';
import { shortVersion } from './version.ts';

/** The template and the run that an entity came from. */
export function MadeFrom({ entity }: EntityPartProps) {
  const { namespace = 'default', name } = entity.metadata;
  const { data, isPending } = useQuery(madeByQuery({ kind: entity.kind.toLowerCase(), namespace, name }));
  const said =
    textAt(entity, 'metadata.annotations.backstage.io/source-template') ?? textAt(entity, 'spec.scaffoldedFrom');
  const template = data?.templateRef ?? said;
  if (isPending && !template) return <SkeletonRows rows={2} />;
  return (
    <dl className={classes.facts}>
      {template ? (
        <div>
          <dt>Template</dt>
          <dd>
            <EntityLink entityRef={template} defaultKind="template" />
          </dd>
        </div>
      ) : null}
      {data?.templateVersion ? (
        <div>
          <dt>Version</dt>
          <dd>
            <code title={data.templateVersion}>{shortVersion(data.templateVersion)}</code>
          </dd>
        </div>
      ) : null}
      {data ? (
        <div>
          <dt>Made</dt>
          <dd>
            <AppLink to={`/create/tasks/${data.taskId}`}>
              <RelativeTime at={data.createdAt} />
            </AppLink>
            {data.createdBy ? (
              <>
                {' '}
                by <Person personRef={data.createdBy} />
              </>
            ) : null}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}
