import type { Entity } from '@callboard/model';
import { AppLink, Copyable, count, Prose } from '../../../core/ui/index.ts';
import { EntityLink, Section, targetsOf } from '../../catalog/index.ts';
import type { Overview } from '../api.ts';
import { formatNames } from '../formats.ts';
import { Facts } from './Facts.tsx';
import classes from './Panes.module.css';

/** What the API is, where it answers, how to sign in, who has it and who uses it. */
export function OverviewPane({ entity, overview }: { entity: Entity; overview: Overview }) {
  const { title, version, description, servers, security, groups, lines } = overview;
  return (
    <div className={classes.overview}>
      <header className={classes.head}>
        <h2 className={classes.title}>{title ?? entity.metadata.title ?? entity.metadata.name}</h2>
        <p className={classes.small}>
          {[
            version ? `Version ${version}` : undefined,
            [formatNames[overview.format], overview.formatVersion].filter(Boolean).join(' '),
            lines.length > 0 ? count(lines.length, 'operation') : undefined,
            overview.typeLines.length > 0 ? count(overview.typeLines.length, 'type') : undefined,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </header>
      <Prose text={description} />
      <div className={classes.columns}>
        {servers.length > 0 ? (
          <Section title="Servers">
            <ul className={classes.list}>
              {servers.map(({ url, protocol, description: what }) => (
                <li key={`${url} ${what ?? ''}`}>
                  <Copyable text={url} label={`Copy ${url}`} />
                  <span className={classes.small}>{[protocol, what].filter(Boolean).join(' · ')}</span>
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
        {security.length > 0 ? (
          <Section title="Sign-in">
            <ul className={classes.groups}>
              {security.map(({ id, type, description: what, facts }) => (
                <li key={id}>
                  <span className={classes.group}>
                    {id} <span>{type}</span>
                  </span>
                  <Prose text={what} small />
                  <Facts facts={facts} />
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
        <Section title="Provided by">
          <People entity={entity} relation="apiProvidedBy" none="No component says that it provides this API." />
        </Section>
        <Section title="Consumed by">
          <People entity={entity} relation="apiConsumedBy" none="No component says that it uses this API." />
        </Section>
        {overview.facts.length > 0 ? (
          <Section title="About the definition">
            <Facts facts={overview.facts} />
          </Section>
        ) : null}
        {groups.some(({ description: what }) => what) ? (
          <Section title="Groups">
            <ul className={classes.groups}>
              {groups.map(({ name, description: what }, index) => {
                const first = lines.find((line) => line.group === index);
                return (
                  <li key={name}>
                    {first ? (
                      <AppLink to="." hash={first.id}>
                        {name}
                      </AppLink>
                    ) : (
                      name
                    )}
                    <Prose text={what} small />
                  </li>
                );
              })}
            </ul>
          </Section>
        ) : null}
      </div>
    </div>
  );
}

const shown = 12;

/** Who is on the other side of a relation; the relations tab has all of them. */
export function People({ entity, relation, none }: { entity: Entity; relation: string; none: string }) {
  const targets = targetsOf(entity, relation);
  if (targets.length === 0) return <p className={classes.none}>{none}</p>;
  return (
    <ul className={classes.list}>
      {targets.slice(0, shown).map((target) => (
        <li key={target}>
          <EntityLink entityRef={target} />
        </li>
      ))}
      {targets.length > shown ? <li className={classes.small}>and {targets.length - shown} more</li> : null}
    </ul>
  );
}
