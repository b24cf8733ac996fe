import { useParams, useSearch } from '@tanstack/react-router';
import type { EntityPartProps } from '../../../core/router/index.ts';
import { keyOf, tabBase, trimPath } from '../address.ts';
import { Reader } from './Reader.tsx';

/** The documents of an entity inside its page. */
export function DocsTab({ entityRef }: EntityPartProps) {
  const { _splat = '' }: { _splat?: string } = useParams({ strict: false });
  const search: { version?: string } = useSearch({ strict: false });
  const site = keyOf(entityRef);
  return (
    <Reader
      key={entityRef}
      site={site}
      base={tabBase(site)}
      path={trimPath(_splat)}
      version={search.version}
      report={false}
      embedded
    />
  );
}
