import { useEffect, useRef } from 'react';
import { useLiveState } from '../api/index.ts';
import { ErrorState, PageHeader } from '../ui/index.ts';

/** What browsers and the app's own loader say when code, or styles, cannot be fetched. */
const notFetched = /preload CSS|dynamically imported module|module script/i;

/** A page that could not be drawn: the frame stays, the rest of the portal works. */
export function FailedPage({ error }: { error: unknown }) {
  const failure = error instanceof Error ? error : new Error(String(error));
  return notFetched.test(failure.message) ? (
    <NotFetched />
  ) : (
    <>
      <PageHeader title="This page failed" />
      <ErrorState error={failure} what="This page could not be shown" onRetry={() => location.reload()} />
    </>
  );
}

/** A browser does not fetch again what failed once: the page is loaded anew when the portal is back. */
function NotFetched() {
  const live = useLiveState();
  const wasAway = useRef(false);
  useEffect(() => {
    if (live === 'polling') wasAway.current = true;
    else if (live === 'live' && wasAway.current) location.reload();
  }, [live]);
  return (
    <>
      <PageHeader title="This page is not here yet" />
      <ErrorState
        error={new Error('The portal does not answer, or has become a newer version since this tab was opened.')}
        what="The code of this page could not be fetched"
        fix="It comes by itself when the portal answers again; Retry loads this tab anew."
        onRetry={() => location.reload()}
      />
    </>
  );
}
