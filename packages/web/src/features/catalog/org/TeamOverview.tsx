import type { Entity } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { AppLink, count, ErrorState, grouped, SkeletonRows } from '../../../core/ui/index.ts';
import { nameOf, namespaceOf, targetsOf, textAt } from '../entity.ts';
import { organizationQuery, ownershipQuery, peopleQuery, type Ownership } from '../graph/api.ts';
import { NodeLink } from '../graph/NodeLink.tsx';
import { useKinds } from '../kinds.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { Section } from '../parts/Section.tsx';
import { lineTo } from './tree.ts';
import classes from './TeamOverview.module.css';

/** What a group or a person has, who belongs to it, and where it stands. */
export function TeamOverview({ entity, entityRef }: { entity: Entity; entityRef: string }) {
  const isGroup = entity.kind.toLowerCase() === 'group';
  const { data, error, refetch } = useQuery(ownershipQuery(entityRef));
  return (
    <>
      {error && !data ? (
        <ErrorState error={error} what="What it owns could not be read" onRetry={() => void refetch()} />
      ) : null}
      {isGroup ? <Position entityRef={entityRef} /> : <Groups entity={entity} />}
      {isGroup ? <People entityRef={entityRef} people={data?.people} /> : null}
      <Section title="Owns">
        {data ? <Owned ownership={data} isGroup={isGroup} /> : error ? null : <SkeletonRows rows={4} />}
      </Section>
    </>
  );
}

/** From the top of the organization down to this group, and what is below it. */
function Position({ entityRef }: { entityRef: string }) {
  const { data, error } = useQuery(organizationQuery);
  if (error && !data) return null;
  if (!data)
    return (
      <Section title="Place in the organization">
        <SkeletonRows rows={2} label="Loading its place" />
      </Section>
    );
  const known = new Map(data.groups.map((group) => [group.entityRef, group]));
  const above = lineTo(data.groups, entityRef).slice(0, -1);
  const below = data.groups.filter(({ parents, entityRef: ref }) => parents.includes(entityRef) && ref !== entityRef);
  return (
    <Section title="Place in the organization" aside={<AppLink to="/org">Whole organization</AppLink>}>
      <p className={classes.line}>
        {above.map((ref) => (
          <Fragment key={ref}>
            <NodeLink node={{ ...known.get(ref)!, kind: 'Group' }} />
            <span aria-hidden="true">›</span>
          </Fragment>
        ))}
        <strong>{known.get(entityRef)?.label ?? entityRef}</strong>
        {above.length === 0 && below.length === 0 ? <span className={classes.dimmed}>stands alone</span> : null}
      </p>
      {below.length > 0 ? (
        <ul className={classes.below} aria-label="Groups below">
          {below.map((group) => (
            <li key={group.entityRef}>
              <NodeLink node={{ ...group, kind: 'Group' }} />
              <span className={classes.dimmed}>
                {count(group.people.total, 'person', 'people')}, owns {grouped(group.owned.total)}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

/** The groups somebody is in, each with its place. */
function Groups({ entity }: { entity: Entity }) {
  const { data } = useQuery(organizationQuery);
  const groups = targetsOf(entity, 'memberOf');
  return (
    <Section title="Groups">
      {groups.length === 0 ? (
        <p className={classes.dimmed}>
          In no group: set spec.memberOf, or name the person among the members of a group.
        </p>
      ) : null}
      <ul className={classes.groups}>
        {groups.map((group) => (
          <li key={group} className={classes.line}>
            {lineTo(data?.groups ?? [], group)
              .slice(0, -1)
              .map((ref) => (
                <Fragment key={ref}>
                  <EntityLink entityRef={ref} icon={false} />
                  <span aria-hidden="true">›</span>
                </Fragment>
              ))}
            <strong>
              <EntityLink entityRef={group} icon={false} />
            </strong>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A list of owners fits into an address up to here. */
const mostOwners = 30;

function Owned({ ownership, isGroup }: { ownership: Ownership; isGroup: boolean }) {
  const { pluralOf } = useKinds();
  const { owners, counts } = ownership;
  const having = owners.filter((owner) => owner.count > 0).map((owner) => owner.entityRef);
  const hasOthers = owners.length > 1;
  if (counts.length === 0)
    return (
      <p className={classes.dimmed}>
        {hasOthers && isGroup
          ? 'Neither this group nor a group below it is named as an owner.'
          : 'Nothing names this as its owner.'}
      </p>
    );
  const figure = (value: number, kind: string, type: string | undefined, owner: string[]) =>
    value === 0 ? (
      <span className={classes.dimmed}>0</span>
    ) : owner.length > mostOwners ? (
      grouped(value)
    ) : (
      <AppLink to="/catalog" search={{ kind: kind.toLowerCase(), type, owner }}>
        {grouped(value)}
      </AppLink>
    );
  const sum = (field: 'direct' | 'total') => grouped(counts.reduce((total, each) => total + each[field], 0));
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Type</th>
            <th scope="col" className={classes.figure}>
              {isGroup ? 'The group itself' : 'The person'}
            </th>
            {hasOthers ? (
              <th scope="col" className={classes.figure}>
                {isGroup ? 'With groups below' : 'With their groups'}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {counts.map(({ kind, type, direct, total }, index) => (
            <tr key={`${kind} ${type}`}>
              {counts[index - 1]?.kind === kind ? null : (
                <th scope="rowgroup" rowSpan={counts.filter((each) => each.kind === kind).length}>
                  {pluralOf(kind)}
                </th>
              )}
              <td>{type}</td>
              <td className={classes.figure}>{figure(direct, kind, type, [ownership.entityRef])}</td>
              {hasOthers ? <td className={classes.figure}>{figure(total, kind, type, having)}</td> : null}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>All</td>
            <td className={classes.figure}>{sum('direct')}</td>
            {hasOthers ? <td className={classes.figure}>{sum('total')}</td> : null}
          </tr>
        </tfoot>
      </table>
      {hasOthers ? (
        <ul className={classes.through} aria-label={isGroup ? 'Of which' : 'Through'}>
          {owners
            .filter((owner) => owner.count > 0)
            .slice(0, mostOwners)
            .map((owner) => (
              <li key={owner.entityRef}>
                <NodeLink node={{ ...owner, kind: owner.entityRef.split(':')[0]! }} />
                <AppLink
                  to="/catalog"
                  search={{ owner: owner.entityRef }}
                  aria-label={`What ${owner.label} owns: ${owner.count}`}
                >
                  {grouped(owner.count)}
                </AppLink>
              </li>
            ))}
        </ul>
      ) : null}
    </>
  );
}

const mostPeople = 500;

function People({ entityRef, people }: { entityRef: string; people: Ownership['people'] | undefined }) {
  const [all, setAll] = useState<boolean>();
  const more = people !== undefined && people.total > people.direct;
  const withSubgroups = all ?? (people?.direct === 0 && more);
  const { data, error, refetch } = useQuery(peopleQuery(entityRef, withSubgroups));
  const choice = (value: boolean, label: string, figure: number) => (
    <label className={classes.choice}>
      <input type="radio" name="people" checked={withSubgroups === value} onChange={() => setAll(value)} />
      {label} <span className={classes.dimmed}>{grouped(figure)}</span>
    </label>
  );
  return (
    <Section
      title="People"
      aside={
        more ? (
          <span role="radiogroup" aria-label="Which people" className={classes.choices}>
            {choice(false, 'In the group itself', people.direct)}
            {choice(true, 'With groups below', people.total)}
          </span>
        ) : null
      }
    >
      {error && !data ? (
        <ErrorState error={error} what="Its people could not be read" onRetry={() => void refetch()} />
      ) : null}
      {!data && !error ? <SkeletonRows rows={3} /> : null}
      {data?.totalItems === 0 ? <p className={classes.dimmed}>Nobody names this group in spec.memberOf.</p> : null}
      <ul className={classes.people}>
        {data?.items.map((person) => (
          <li key={`${namespaceOf(person)}/${person.metadata.name}`}>
            <NodeLink
              node={{
                entityRef: `user:${namespaceOf(person)}/${person.metadata.name}`.toLowerCase(),
                label: nameOf(person),
                kind: 'User',
              }}
            />
            <span className={classes.dimmed}>{textAt(person, 'spec.profile.email')}</span>
          </li>
        ))}
      </ul>
      {data && data.totalItems > mostPeople ? (
        <p className={classes.dimmed}>
          The first {mostPeople} of {grouped(data.totalItems)}.
        </p>
      ) : null}
    </Section>
  );
}
