import { useParams, useSearch } from '@tanstack/react-router';
import { docsBase, trimPath, type DocsKey } from '../address.ts';
import { Reader } from '../parts/Reader.tsx';

/** The documents of one entity, by address. */
export function ReaderPage() {
  const params: Partial<DocsKey & { _splat: string }> = useParams({ strict: false });
  const search: { version?: string; view?: string } = useSearch({ strict: false });
  const { namespace = '', kind = '', name = '', _splat = '' } = params;
  const site = { namespace: namespace.toLowerCase(), kind: kind.toLowerCase(), name: name.toLowerCase() };
  return (
    <Reader
      key={`${site.kind}:${site.namespace}/${site.name}`}
      site={site}
      base={docsBase(site)}
      path={trimPath(_splat)}
      version={search.version}
      report={search.view === 'report'}
    />
  );
}
