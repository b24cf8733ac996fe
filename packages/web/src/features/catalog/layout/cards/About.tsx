import type { Entity } from '@callboard/model';
import { words } from '../../../../core/ui/index.ts';
import { nameOf, targetsOf, textAt } from '../../entity.ts';
import { useKinds } from '../../kinds.ts';
import { EntityLink } from '../../parts/EntityLink.tsx';
import { Facts } from '../../parts/Section.tsx';
import { Tags } from '../../parts/Tags.tsx';
import classes from './Answers.module.css';

const shownElsewhere = new Set([
  'type',
  'lifecycle',
  'owner',
  'system',
  'domain',
  'profile',
  'definition',
  'children',
  'members',
  'memberOf',
  'parent',
]);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Small facts of a kind's own, such as a tier; lists and maps are on the source tab. */
const ownFacts = (entity: Entity): [string, string][] =>
  Object.entries(entity.spec ?? {}).flatMap(([key, value]): [string, string][] =>
    !shownElsewhere.has(key) && isScalar(value) && String(value).length < 200 ? [[words(key), String(value)]] : [],
  );

/** The small facts of its descriptor. */
export function About({ entity }: { entity: Entity }) {
  const { titleOf } = useKinds();
  const part = targetsOf(entity, 'partOf');
  const find = (kind: string) => part.find((ref) => ref.startsWith(`${kind}:`));
  const [system, domain] = [find('system'), find('domain')];
  const tags = entity.metadata.tags ?? [];
  return (
    <Facts
      facts={[
        ['Kind', titleOf(entity.kind)],
        ['Type', textAt(entity, 'spec.type')],
        ['Lifecycle', textAt(entity, 'spec.lifecycle')],
        ['System', system ? <EntityLink entityRef={system} /> : null],
        ['Domain', domain ? <EntityLink entityRef={domain} /> : null],
        ['Name', nameOf(entity) === entity.metadata.name ? null : entity.metadata.name],
        ['Namespace', entity.metadata.namespace === 'default' ? null : entity.metadata.namespace],
        ...ownFacts(entity),
        ['Tags', tags.length > 0 ? <Tags tags={tags} /> : null],
      ]}
    />
  );
}

/** What machines go by, out of the way of people. */
function Small({ title, values }: { title: string; values: Record<string, string> | undefined }) {
  const entries = Object.entries(values ?? {});
  if (entries.length === 0) return null;
  return (
    <details className={classes.small}>
      <summary>
        {title} <span>{entries.length}</span>
      </summary>
      <dl>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

export const Labels = ({ entity }: { entity: Entity }) => <Small title="Labels" values={entity.metadata.labels} />;
export const Annotations = ({ entity }: { entity: Entity }) => (
  <Small title="Annotations" values={entity.metadata.annotations} />
);
