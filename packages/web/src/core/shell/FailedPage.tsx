import { ErrorState, PageHeader } from '../ui/index.ts';

/** A page that could not be drawn: the frame stays, the rest of the portal works. */
export function FailedPage({ error }: { error: unknown }) {
  return (
    <>
      <PageHeader title="This page failed" />
      <ErrorState
        error={error instanceof Error ? error : new Error(String(error))}
        what="This page could not be shown"
        onRetry={() => location.reload()}
      />
    </>
  );
}
