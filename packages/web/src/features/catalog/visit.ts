import { useEffect } from 'react';
import { useRecent } from '../../core/session/index.ts';
import type { EntityKey } from './api.ts';

/** Who leaves sooner has passed by. */
const staysFor = 800;

/** Remembers that an entity's page was looked at, for the lists of what was opened lately. */
export function useVisit({ kind, namespace, name }: EntityKey, title: string): void {
  const { visit } = useRecent();
  useEffect(() => {
    const path = `/catalog/${namespace}/${kind}/${name}`;
    const entityRef = `${kind}:${namespace}/${name}`;
    const timer = setTimeout(() => visit({ path, title: title.slice(0, 200), entityRef }), staysFor);
    return () => clearTimeout(timer);
  }, [visit, kind, namespace, name, title]);
}
