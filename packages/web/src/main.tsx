import './styles.ts';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient, startLive } from './core/api/index.ts';
import { createPortalRouter } from './core/router/index.ts';
import { startPreferences, startVisits } from './core/session/index.ts';
import { FailedPage, NotFoundPage, Shell } from './core/shell/index.ts';
import { cssVariables, theme } from './core/ui/index.ts';
import { admin } from './features/admin/index.ts';
import { apis } from './features/apis/index.ts';
import { catalog } from './features/catalog/index.ts';
import { docs } from './features/docs/index.ts';
import { home } from './features/home/index.ts';
import { search } from './features/search/index.ts';

const features = [home, catalog, admin, apis, docs, search];
const navigation = features.flatMap((feature) => feature.navigation);
const client = createQueryClient();
const router = createPortalRouter(features, {
  shell: () => <Shell navigation={navigation} />,
  notFound: NotFoundPage,
  failed: FailedPage,
});
const colorScheme = localStorageColorSchemeManager({ key: 'callboard.color-scheme' });

startLive(client);
startPreferences(client);
startVisits(client);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
