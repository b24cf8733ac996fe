import { EntityLink, readRef, shortRef, useBrief } from '../../catalog/index.ts';

/** Who did something: a link to the person's page where there is one, else the name alone. */
export function Person({ personRef }: { personRef: string }) {
  const ref = readRef(personRef, 'user', 'default');
  const { data } = useBrief(ref ? `${ref.kind}:${ref.namespace}/${ref.name}` : personRef);
  if (!ref || data === null) return <span title={personRef}>{ref ? shortRef(ref) : personRef}</span>;
  return <EntityLink entityRef={personRef} defaultKind="user" icon={false} />;
}
