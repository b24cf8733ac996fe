import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count, EmptyState, ErrorState, grouped, PageHeader, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { nameOf, namespaceOf } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { landscapeQuery, partsQuery, type Landscape } from './api.ts';
import { MapTabs } from './MapTabs.tsx';
import { NodeLink, type Named } from './NodeLink.tsx';
import classes from './Landscape.module.css';

type System = Landscape['systems'][number];
type Domain = Landscape['domains'][number];

/** Domains, in them systems, in these what they consist of: boxes in boxes. */
export function LandscapePage() {
  const { data, error, refetch } = useQuery(landscapeQuery);
  return (
    <>
      <PageHeader
        title="Landscape"
        description={
          data
            ? `${count(data.systems.length, 'system')} in ${count(data.domains.length, 'domain')}.`
            : 'Domains, their systems, and what these consist of.'
        }
      />
      <MapTabs current="/landscape" />
      {error && !data ? (
        <ErrorState error={error} what="The landscape could not be read" onRetry={() => void refetch()} />
      ) : data ? (
        <Boxes landscape={data} />
      ) : (
        <SkeletonRows rows={12} label="Loading the landscape" />
      )}
    </>
  );
}

/** A domain is as broad as it has systems side by side, so that small ones share a row. */
const breadth = (systems: number, domains: number) =>
  ({ '--breadth': domains > 0 ? 4 : Math.min(Math.max(systems, 1), 4) }) as React.CSSProperties;

function Boxes({ landscape }: { landscape: Landscape }) {
  const known = new Set(landscape.domains.map(({ entityRef }) => entityRef));
  const inside = ({ parent }: { parent?: string }) => (parent !== undefined && known.has(parent) ? parent : undefined);
  const domainsIn = Map.groupBy(landscape.domains, (domain) =>
    domain.parent === domain.entityRef ? undefined : inside(domain),
  );
  const systemsIn = Map.groupBy(landscape.systems, inside);
  const partsIn = landscape.parts && Map.groupBy(landscape.parts, ({ system }) => system);
  const loose = systemsIn.get(undefined) ?? [];
  if (landscape.domains.length + landscape.systems.length === 0)
    return (
      <EmptyState title="No systems yet">
        Name systems in descriptors of kind System, and put components in them with spec.system: they are drawn here.
      </EmptyState>
    );
  const system = (each: System) => (
    <SystemBox key={each.entityRef} system={each} parts={partsIn && (partsIn.get(each.entityRef) ?? [])} />
  );
  const domain = (each: Domain, depth: number) => {
    const own = systemsIn.get(each.entityRef) ?? [];
    const sub = depth < 5 ? (domainsIn.get(each.entityRef) ?? []) : [];
    return (
      <section
        key={each.entityRef}
        className={classes.domain}
        aria-label={each.label}
        style={breadth(own.length, sub.length)}
      >
        <h2 className={classes.title}>
          <NodeLink node={{ ...each, kind: 'Domain' }} />
          <span className={classes.facts}>
            {count(own.length, 'system')}
            {each.owner ? <EntityLink entityRef={each.owner} icon={false} /> : null}
          </span>
        </h2>
        <div className={classes.systems}>{own.map(system)}</div>
        {sub.map((below) => domain(below, depth + 1))}
      </section>
    );
  };
  return (
    <div className={classes.landscape}>
      {(domainsIn.get(undefined) ?? []).map((each) => domain(each, 0))}
      {loose.length > 0 ? (
        <section className={classes.domain} aria-label="Without a domain" style={breadth(loose.length, 0)}>
          <h2 className={classes.title}>
            <Status level="unknown" label="Without a domain" />
            <span className={classes.facts}>{count(loose.length, 'system')}</span>
          </h2>
          <div className={classes.systems}>{loose.map(system)}</div>
        </section>
      ) : null}
      {landscape.withoutSystem > 0 ? (
        <p className={classes.note}>
          {count(landscape.withoutSystem, 'component, API or resource is', 'components, APIs and resources are')} part
          of nothing, so not drawn here.
        </p>
      ) : null}
    </div>
  );
}

function SystemBox({ system, parts }: { system: System; parts: Named[] | undefined }) {
  const { pluralOf, titleOf } = useKinds();
  const [open, setOpen] = useState(false);
  const total = system.counts.reduce((sum, { count: figure }) => sum + figure, 0);
  const figures = system.counts
    .map(
      ({ kind, count: figure }) =>
        `${grouped(figure)} ${(figure === 1 ? titleOf(kind) : pluralOf(kind)).replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())}`,
    )
    .map((text) => text.replaceAll(' ', '\u00A0'))
    .join(' · ');
  return (
    <section className={classes.system} aria-label={system.label}>
      <h3 className={classes.title}>
        <NodeLink node={{ ...system, kind: 'System' }} />
      </h3>
      {/* On a line of its own: what the owner is called comes later, and must not move the boxes below. */}
      {system.owner ? (
        <p className={classes.facts}>
          <EntityLink entityRef={system.owner} icon={false} />
        </p>
      ) : null}
      <p className={classes.facts}>{figures || 'Nothing is part of it'}</p>
      {parts ? <Parts parts={parts} /> : null}
      {!parts && total > 0 ? (
        <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Show them</summary>
          {open ? <FetchedParts system={system.entityRef} total={total} /> : null}
        </details>
      ) : null}
    </section>
  );
}

const Parts = ({ parts }: { parts: Named[] }) =>
  parts.length === 0 ? null : (
    <ul className={classes.parts}>
      {parts.map((part) => (
        <li key={part.entityRef}>
          <NodeLink node={part} />
        </li>
      ))}
    </ul>
  );

function FetchedParts({ system, total }: { system: string; total: number }) {
  const { data, error, refetch } = useQuery(partsQuery(system));
  if (error && !data)
    return <ErrorState error={error} what="Its parts could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={Math.min(total, 6)} label="Loading its parts" />;
  return (
    <Parts
      parts={data.items.map((entity) => ({
        entityRef: `${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`.toLowerCase(),
        label: nameOf(entity),
        kind: entity.kind,
      }))}
    />
  );
}
