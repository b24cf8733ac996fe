import './styles.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError, createQueryClient, onSignedOut, startLive } from './core/api/index.ts';
import { startPlugins } from './core/plugins/index.ts';
import { createPortalRouter } from './core/router/index.ts';
import { principalQuery, startPreferences, startVisits } from './core/session/index.ts';
import { FailedPage, NotFoundPage, Shell } from './core/shell/index.ts';
import { cssVariables, theme } from './core/ui/index.ts';
import { access } from './features/access/index.ts';
import { admin } from './features/admin/index.ts';
import { apis } from './features/apis/index.ts';
import { catalog, kindsQuery } from './features/catalog/index.ts';
import { docs } from './features/docs/index.ts';
import { home } from './features/home/index.ts';
import { plugins } from './features/plugins/index.ts';
import { scaffolder } from './features/scaffolder/index.ts';
import { search } from './features/search/index.ts';
import { isSignInPath, loadSignIn, signIn, signInAddress, UserMenu } from './features/sign-in/index.ts';

const features = [home, catalog, admin, apis, docs, scaffolder, search, plugins, signIn, access];
const navigation = features.flatMap((feature) => feature.navigation);
const client = createQueryClient();
const router = createPortalRouter(features, {
  shell: () => <Shell navigation={navigation} account={<UserMenu />} />,
  notFound: NotFoundPage,
  failed: FailedPage,
});
const colorScheme = localStorageColorSchemeManager({ key: 'callboard.color-scheme' });

const root = createRoot(document.getElementById('root')!);
const show = (content: ReactNode) =>
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={colorScheme}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={client}>{content}</QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );

/** Nothing of the portal is drawn before it is known who is here. */
async function start(): Promise<void> {
  let page: Promise<void> | undefined;
  const here = () => window.location.pathname + window.location.search + window.location.hash;
  if (!isSignInPath(window.location.pathname)) {
    // The code of the page comes meanwhile, so that frame and page are drawn at once.
    page = router.load();
    const error = await client.fetchQuery(principalQuery).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // When the portal does not answer at all, its pages say so better.
    if (error instanceof ApiError && error.status === 401) window.history.replaceState(null, '', signInAddress(here()));
  }
  if (isSignInPath(window.location.pathname)) {
    const SignInApp = await loadSignIn();
    return show(<SignInApp />);
  }
  onSignedOut(() => window.location.assign(signInAddress(here())));
  // Every page names kinds.
  void client.prefetchQuery(kindsQuery);
  startLive(client);
  startPreferences(client);
  startVisits(client);
  startPlugins(client);
  await page;
  show(<RouterProvider router={router} />);
}

void start();
