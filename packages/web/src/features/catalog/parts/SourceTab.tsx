import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { Copyable, RelativeTime, Status, toYaml } from '../../../core/ui/index.ts';
import { provenanceQuery, type EntityKey } from '../api.ts';
import { descriptorOf, safeUrl, textAt } from '../entity.ts';
import { Facts, Section } from './Section.tsx';
import classes from './SourceTab.module.css';

/** Where this came from, how old it is, and the descriptor itself. */
export function SourceTab({ entity, entityKey }: { entity: Entity; entityKey: EntityKey }) {
  const { data } = useQuery(provenanceQuery(entityKey));
  const yaml = toYaml(descriptorOf(entity));
  const location = data?.location ?? textAt(entity, 'metadata.annotations.backstage.io/managed-by-location');
  const view = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/view-url'));
  const edit = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/edit-url'));
  return (
    <div className={classes.tab}>
      <Section title="Origin">
        <Facts
          facts={[
            [
              'Document',
              location ? <Copyable text={data ? `${location}:${data.line}` : location} label="Copy the place" /> : null,
            ],
            ['Source', data?.source ? `${data.source.type}: ${data.source.target}` : null],
            ['Read', data ? <RelativeTime at={data.readAt} /> : null],
            ['Last changed', data ? <RelativeTime at={data.updatedAt} /> : null],
            ['First seen', data ? <RelativeTime at={data.firstSeenAt} /> : null],
            ['View', view ? <a href={view}>{view}</a> : null],
            ['Edit', edit ? <a href={edit}>{edit}</a> : null],
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
      <Section
        title="Descriptor"
        aside={
          <Copyable text={yaml} label="Copy the YAML">
            <span>as the catalog holds it</span>
          </Copyable>
        }
      >
        <Yaml text={yaml} />
      </Section>
    </div>
  );
}

/** YAML with line numbers; keys stand back from values. */
function Yaml({ text }: { text: string }) {
  const lines = text.trimEnd().split('\n');
  return (
    // A region that scrolls must be reachable by the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={classes.yaml} tabIndex={0} aria-label="YAML">
      <code>
        {lines.map((line, index) => {
          const [, head = '', rest = line] = /^(\s*(?:- )?[\w./"-]+:)(?=\s|$)(.*)$/.exec(line) ?? [];
          return (
            <span key={index} className={classes.line}>
              <span className={classes.key}>{head}</span>
              {rest}
              {'\n'}
            </span>
          );
        })}
      </code>
    </pre>
  );
}
