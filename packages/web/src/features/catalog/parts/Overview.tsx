import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { IconExternalLink } from '@tabler/icons-react';
import { AppLink, count, RelativeTime, SkeletonRows, Status, words } from '../../../core/ui/index.ts';
import { membersQuery, provenanceQuery, type EntityKey, type StoredProblem } from '../api.ts';
import { nameOf, safeUrl, targetsOf, textAt } from '../entity.ts';
import { useBrief } from '../briefs.ts';
import { useKinds } from '../kinds.ts';
import { EntityLink, entityTarget } from './EntityLink.tsx';
import classes from './Overview.module.css';
import { RelationGroups } from './RelationGroups.tsx';
import { Facts, Section } from './Section.tsx';
import { Tags } from './Tags.tsx';

/** Only groups and people have it. */
const TeamOverview = lazy(() => import('../org/TeamOverview.tsx').then((part) => ({ default: part.TeamOverview })));

type OverviewProps = { entity: Entity; entityKey: EntityKey; problems: StoredProblem[] | undefined };

/** The answers first: who has it and how to reach them, where to go, whether all is well; then the facts. */
export function Overview({ entity, entityKey, problems }: OverviewProps) {
  const isTeam = ['group', 'user'].includes(entity.kind.toLowerCase());
  return (
    <>
      <div className={classes.answers}>
        {isTeam ? <Reach entity={entity} title="How to reach" /> : <Owner entity={entity} />}
        <Links entity={entity} />
        <Health entityKey={entityKey} problems={problems} />
      </div>
      <div className={classes.columns}>
        <div className={classes.column}>
          {isTeam ? (
            <Suspense fallback={<SkeletonRows rows={8} label="Loading what it owns" />}>
              <TeamOverview entity={entity} entityRef={`${entityKey.kind}:${entityKey.namespace}/${entityKey.name}`} />
            </Suspense>
          ) : (
            <Section title="Relations">
              {(entity.relations ?? []).length === 0 ? (
                <p className={classes.none}>Nothing refers to it, and it refers to nothing.</p>
              ) : (
                <RelationGroups entity={entity} limit={10} without={['ownedBy']} />
              )}
            </Section>
          )}
        </div>
        <div className={classes.column}>
          <About entity={entity} />
          <Small title="Labels" values={entity.metadata.labels} />
          <Small title="Annotations" values={entity.metadata.annotations} />
        </div>
      </div>
    </>
  );
}

function Owner({ entity }: { entity: Entity }) {
  const [owner, ...others] = targetsOf(entity, 'ownedBy');
  if (owner === undefined)
    return (
      <section className={classes.answer} aria-label="Owner">
        <h2>Owner</h2>
        <Status level="warning" label="Nobody owns this" />
        <p className={classes.more}>Set spec.owner in its descriptor.</p>
      </section>
    );
  return (
    <section className={classes.answer} aria-label="Owner">
      <h2>Owner</h2>
      <KnownOwner owner={owner} />
      {others.map((other) => (
        <p key={other}>
          <EntityLink entityRef={other} />
        </p>
      ))}
    </section>
  );
}

function KnownOwner({ owner }: { owner: string }) {
  const { data } = useBrief(owner);
  const members = useQuery({ ...membersQuery(owner), enabled: data?.kind === 'Group' }).data?.totalItems ?? 0;
  return (
    <>
      <p className={classes.strong}>
        <EntityLink entityRef={owner} />
      </p>
      <p className={classes.more}>
        {members > 0 ? <span>{count(members, 'person', 'people')}</span> : null}
        <Mail address={textAt(data, 'spec.profile.email')} />
      </p>
    </>
  );
}

const Mail = ({ address }: { address: string | undefined }) =>
  address ? <a href={`mailto:${address}`}>{address}</a> : null;

function Reach({ entity, title }: { entity: Entity; title: string }) {
  const email = textAt(entity, 'spec.profile.email');
  return (
    <section className={classes.answer} aria-label={title}>
      <h2>{title}</h2>
      {email ? <Mail address={email} /> : <p className={classes.none}>No address is known: set spec.profile.email.</p>}
    </section>
  );
}

function Links({ entity }: { entity: Entity }) {
  const links = (entity.metadata.links ?? []).map((link) => ({ ...link, href: safeUrl(link.url) }));
  return (
    <section className={classes.answer} aria-label="Links">
      <h2>Links</h2>
      {links.length === 0 ? (
        <p className={classes.none}>None: add metadata.links for the dashboard, the runbook, the chat.</p>
      ) : null}
      <ul className={classes.links}>
        {links.map(({ href, url, title }) => (
          <li key={`${url} ${title}`}>
            {href ? (
              <a href={href} rel="noreferrer" title={url}>
                <IconExternalLink size="0.875rem" aria-hidden />
                <span>{title ?? url}</span>
              </a>
            ) : (
              <span title={`Not a web address: ${url}`}>{title ?? url} (not a web address)</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Health({ entityKey, problems }: { entityKey: EntityKey; problems: StoredProblem[] | undefined }) {
  const { data } = useQuery(provenanceQuery(entityKey));
  const errors = problems?.filter(({ severity }) => severity === 'error').length ?? 0;
  const warnings = problems?.filter(({ severity }) => severity === 'warning').length ?? 0;
  const source = data?.source;
  return (
    <section className={classes.answer} aria-label="Health">
      <h2>Health</h2>
      <ul className={classes.health}>
        <li>
          {problems === undefined ? (
            <Status level="unknown" label="Looking for problems" />
          ) : errors + warnings === 0 ? (
            <Status level="ok" label="No problems in the descriptor" />
          ) : (
            <AppLink {...entityTarget(entityKey, 'problems')}>
              <Status level={errors > 0 ? 'failing' : 'warning'} label={count(errors + warnings, 'problem')} />
            </AppLink>
          )}
        </li>
        {source ? (
          <li>
            {source.state === 'failing' ? (
              <Status level="failing" label="Its source does not answer: this is the last good state" />
            ) : source.state === 'held' ? (
              <Status level="warning" label="Its source shrank and waits to be confirmed" />
            ) : (
              <Status level="ok" label="Its source answers" />
            )}
          </li>
        ) : null}
        {data ? (
          <li className={classes.more}>
            <span>
              Last changed <RelativeTime at={data.updatedAt} />
            </span>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

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

function About({ entity }: { entity: Entity }) {
  const { titleOf } = useKinds();
  const part = targetsOf(entity, 'partOf');
  const find = (kind: string) => part.find((ref) => ref.startsWith(`${kind}:`));
  const [system, domain] = [find('system'), find('domain')];
  const tags = entity.metadata.tags ?? [];
  return (
    <Section title="About">
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
    </Section>
  );
}

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
