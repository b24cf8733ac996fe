import { EmptyState, LinkButton, PageHeader } from '../../../core/ui/index.ts';
import { refOf, type DocsKey } from '../address.ts';
import { isMissing } from '../api.ts';
import { HowToAdd } from './HowToAdd.tsx';

/** There is no such entity, or it has no documents: why, and what to do. */
export function NoDocs({ site, error }: { site: DocsKey; error: Error }) {
  const unknown = isMissing(error, 'TECHDOCS_ENTITY_UNKNOWN');
  return (
    <>
      <PageHeader title={unknown ? 'No such documents' : `No documents of ${site.name}`} />
      <EmptyState
        title={unknown ? `There is no ${refOf(site)}` : 'Nothing is written yet'}
        action={
          <>
            <LinkButton to="/docs" variant="default">
              All documents
            </LinkButton>
            {unknown ? null : (
              <LinkButton to={`/catalog/${site.namespace}/${site.kind}/${site.name}`} variant="default">
                Page of {site.name}
              </LinkButton>
            )}
          </>
        }
      >
        {error.message}
      </EmptyState>
      {unknown ? null : <HowToAdd />}
    </>
  );
}
