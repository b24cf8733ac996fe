import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { count, quietTable, Status } from '../../../core/ui/index.ts';
import { EntityLink, Section, targetsOf, textAt } from '../../catalog/index.ts';
import { apisQuery, useSummary } from '../api.ts';
import { formatNames } from '../formats.ts';
import classes from './ComponentApis.module.css';

/** The APIs that a component provides and those that it uses. */
export function ComponentApis({ entity }: { entity: Entity }) {
  return (
    <div className={classes.page}>
      <ApiTable
        title="Provides"
        refs={targetsOf(entity, 'providesApi')}
        none="It says of no API that it provides it: list them in spec.providesApis."
      />
      <ApiTable
        title="Consumes"
        refs={targetsOf(entity, 'consumesApi')}
        none="It says of no API that it uses it: list them in spec.consumesApis."
      />
    </div>
  );
}

function ApiTable({ title, refs, none }: { title: string; refs: string[]; none: string }) {
  const { data } = useQuery(apisQuery(refs));
  return (
    <Section title={title} aside={refs.length > 0 ? count(refs.length, 'API') : null}>
      {refs.length === 0 ? (
        <p className={classes.none}>{none}</p>
      ) : (
        <table className={`${quietTable} ${classes.table}`}>
          <thead>
            <tr>
              {['API', 'Type', 'Version', 'Offers', 'Lifecycle', 'Owner'].map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {refs.map((ref, index) => (
              <Row key={ref} entityRef={ref} entity={data?.[index]} />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Row({ entityRef, entity }: { entityRef: string; entity: Entity | null | undefined }) {
  const { data: summary } = useSummary(entityRef);
  const owner = textAt(entity, 'spec.owner');
  return (
    <tr>
      <td>
        <EntityLink entityRef={entityRef} tab={summary ? 'definition' : undefined} />
      </td>
      <td>{textAt(entity, 'spec.type') ?? (summary ? formatNames[summary.format] : null)}</td>
      <td>{summary?.version}</td>
      <td>
        <Offers summary={summary} />
      </td>
      <td>{textAt(entity, 'spec.lifecycle')}</td>
      <td>
        {owner ? (
          <EntityLink
            entityRef={owner}
            defaultKind="group"
            namespace={entity?.metadata.namespace ?? 'default'}
            icon={false}
          />
        ) : null}
      </td>
    </tr>
  );
}

/** How much an API offers, and whether its definition is in order. */
export function Offers({ summary }: { summary: ReturnType<typeof useSummary>['data'] }) {
  if (!summary) return null;
  const { operations, types, problems } = summary;
  return (
    <span className={classes.offers}>
      {operations > 0 ? count(operations, 'operation') : types > 0 ? count(types, 'type') : 'text'}
      {problems > 0 ? (
        <Status level="warning" label={`${count(problems, 'problem')} in the definition`} short={String(problems)} />
      ) : null}
    </span>
  );
}
