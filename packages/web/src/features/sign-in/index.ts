import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { adminRoute, type Feature } from '../../core/router/index.ts';

export { signInAddress } from './return-to.ts';
export { UserMenu } from './parts/UserMenu.tsx';

/** Whether an address is one of the pages that are there before anybody is known. */
export const isSignInPath = (pathname: string): boolean => pathname === '/sign-in' || pathname.startsWith('/sign-in/');

/** The pages before sign-in, apart from all others: who is not known gets nothing else. */
export const loadSignIn = async () => (await import('./enter/SignInApp.tsx')).SignInApp;

/** Who is here: what people have of their own, and what administrators see of all. */
export const signIn: Feature = {
  name: 'sign-in',
  routes: (root) => [
    createRoute({
      getParentRoute: () => root,
      path: '/settings',
      staticData: { crumbs: () => [{ label: 'Settings' }] },
      component: lazyRouteComponent(() => import('./pages/SettingsPage.tsx'), 'SettingsPage'),
    }),
    adminRoute(root, 'users', 'Users', () => import('./pages/UsersPage.tsx'), 'UsersPage'),
    adminRoute(root, 'sessions', 'Sessions', () => import('./pages/SessionsPage.tsx'), 'SessionsPage'),
    adminRoute(root, 'tokens', 'Tokens', () => import('./pages/TokensPage.tsx'), 'TokensPage'),
  ],
  navigation: [],
  adminPages: [
    { to: '/admin/users', label: 'Users', permission: 'access.user.manage' },
    { to: '/admin/sessions', label: 'Sessions', permission: 'access.session.manage' },
    { to: '/admin/tokens', label: 'Tokens', permission: 'access.token.manage' },
  ],
};
