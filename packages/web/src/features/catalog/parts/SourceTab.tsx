import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { May } from '../../../core/session/index.ts';
import {
  Copyable,
  ErrorState,
  LinkButton,
  RelativeTime,
  SkeletonRows,
  Status,
  toYaml,
} from '../../../core/ui/index.ts';
import { provenanceQuery, type EntityKey } from '../api.ts';
import { type Descriptor, descriptorQuery } from '../editor/api.ts';
import { descriptorOf, safeUrl, textAt } from '../entity.ts';
import { addedValues, dotted } from './added.ts';
import { DescriptorLines } from './DescriptorLines.tsx';
import { Facts, Section } from './Section.tsx';
import classes from './SourceTab.module.css';

type SourceTabProps = { entity: Entity; entityKey: EntityKey };

/** Where this came from, how old it is, and the descriptor itself with the place of each value. */
export function SourceTab({ entity, entityKey }: SourceTabProps) {
  const entityRef = `${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`;
  const { data, error, refetch } = useQuery(descriptorQuery({ entity: entityRef }));
  return (
    <div className={classes.tab}>
      <Origin entity={entity} entityKey={entityKey} descriptor={data} />
      {data ? (
        <File descriptor={data} entityRef={entityRef} entity={entity} />
      ) : error ? (
        <>
          <ErrorState error={error} what="The file could not be read now" onRetry={() => void refetch()} />
          <AsHeld entity={entity} />
        </>
      ) : (
        <SkeletonRows rows={14} label="Loading the descriptor" />
      )}
    </div>
  );
}

function Origin({ entity, entityKey, descriptor }: SourceTabProps & { descriptor: Descriptor | undefined }) {
  const { data } = useQuery(provenanceQuery(entityKey));
  const location = data?.location ?? textAt(entity, 'metadata.annotations.backstage.io/managed-by-location');
  const view = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/view-url') ?? descriptor?.viewUrl);
  return (
    <Section title="Origin">
      <Facts
        facts={[
          [
            'Document',
            location ? <Copyable text={data ? `${location}:${data.line}` : location} label="Copy the place" /> : null,
          ],
          ['Source', data?.source ? `${data.source.type}: ${data.source.target}` : null],
          ['Commit', descriptor?.version ? <Copyable text={descriptor.version} label="Copy the commit" /> : null],
          ['Read', data ? <RelativeTime at={data.readAt} /> : null],
          ['Last seen true', data?.source?.lastSuccessAt ? <RelativeTime at={data.source.lastSuccessAt} /> : null],
          ['Last changed', data ? <RelativeTime at={data.updatedAt} /> : null],
          ['First seen', data ? <RelativeTime at={data.firstSeenAt} /> : null],
          ['On its code host', view ? <a href={view}>{view}</a> : null],
          [
            'Also claimed by',
            data && data.claims.length > 0 ? (
              <ul>
                {data.claims.map((claim) => (
                  <li key={claim}>
                    <Status level="warning" label={claim} />
                  </li>
                ))}
              </ul>
            ) : null,
          ],
        ]}
      />
    </Section>
  );
}

function File({ descriptor, entityRef, entity }: { descriptor: Descriptor; entityRef: string; entity: Entity }) {
  const own = descriptor.documents.find((document) => document.entityRef === entityRef);
  const last = descriptor.text.replace(/\n$/, '').split('\n').length;
  const [isWhole, setWhole] = useState(false);
  const showsAll = isWhole || !own;
  const [from, to] = showsAll ? [1, last] : [own.line, own.endLine];
  const others = descriptor.documents.length - 1;
  const download = () => {
    const address = URL.createObjectURL(new Blob([descriptor.text], { type: 'text/yaml' }));
    const link = document.createElement('a');
    link.href = address;
    link.download =
      descriptor.location
        .split('/')
        .at(-1)
        ?.replace(/[?#].*$/, '') ?? 'catalog-info.yaml';
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  const errors = descriptor.problems.filter(({ severity }) => severity === 'error').length;
  return (
    <>
      <Section
        title="Descriptor"
        aside={
          <span className={classes.actions}>
            {others > 0 && own ? (
              <button
                type="button"
                className={classes.action}
                onClick={() => setWhole(!isWhole)}
                aria-pressed={isWhole}
              >
                {isWhole ? 'This entity only' : `Whole file (${others + 1} documents)`}
              </button>
            ) : null}
            <button type="button" className={classes.action} onClick={download}>
              Download
            </button>
            <Copyable
              text={descriptor.text
                .split('\n')
                .slice(from - 1, to)
                .join('\n')}
              label="Copy the YAML"
            >
              <span>Copy</span>
            </Copyable>
            <May permission="catalog.entity.validate">
              <LinkButton to="/catalog-edit" search={{ entity: entityRef }} variant="default">
                Edit descriptor
              </LinkButton>
            </May>
          </span>
        }
      >
        {errors > 0 || !own ? (
          <p className={classes.note}>
            <Status
              level="warning"
              label={
                own
                  ? 'The file has faults now; what they concern is kept as it was before.'
                  : 'The file does not describe this entity now: what the portal shows is the last good version.'
              }
            />
          </p>
        ) : null}
        <DescriptorLines key={`${from}`} descriptor={descriptor} from={from} to={to} />
      </Section>
      {own ? <Completed entity={entity} written={new Set(own.values.map(({ path }) => path))} /> : null}
    </>
  );
}

/** What stands in no descriptor: shown apart, so that nobody looks for it there. */
function Completed({ entity, written }: { entity: Entity; written: Set<string> }) {
  const added = addedValues(entity, written);
  if (added.length === 0) return null;
  return (
    <Section title="Completed by the catalog">
      <dl className={classes.added}>
        {added.map(({ path, value, why }) => (
          <div key={path}>
            <dt>
              <code>{dotted(path)}</code>
            </dt>
            <dd>
              <code>{value}</code>
              <span className={classes.why}>{why}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** What the catalog holds, where the file itself cannot be had. */
function AsHeld({ entity }: { entity: Entity }) {
  const yaml = toYaml(descriptorOf(entity));
  return (
    <Section
      title="As the catalog holds it"
      aside={
        <Copyable text={yaml} label="Copy the YAML">
          <span>Copy</span>
        </Copyable>
      }
    >
      {/* A region that scrolls must be reachable by the keyboard. */}
      <pre className={classes.yaml} role="region" tabIndex={0} aria-label="YAML">
        <code>{yaml}</code>
      </pre>
    </Section>
  );
}
