import { adminRoute, type Feature } from '../../core/router/index.ts';

/** Who may do what, why, and who did what. */
export const access: Feature = {
  name: 'access',
  routes: (root) => [
    adminRoute(root, 'groups', 'Groups', () => import('./pages/GroupsPage.tsx'), 'GroupsPage'),
    adminRoute(root, 'roles', 'Roles', () => import('./pages/RolesPage.tsx'), 'RolesPage'),
    adminRoute(root, 'bindings', 'Bindings', () => import('./pages/BindingsPage.tsx'), 'BindingsPage'),
    adminRoute(root, 'explain', 'Explain', () => import('./pages/ExplainPage.tsx'), 'ExplainPage'),
    adminRoute(root, 'audit', 'Audit', () => import('./pages/AuditPage.tsx'), 'AuditPage'),
  ],
  navigation: [],
  adminPages: [
    { to: '/admin/groups', label: 'Groups', permission: 'access.policy.read' },
    { to: '/admin/roles', label: 'Roles', permission: 'access.policy.read' },
    { to: '/admin/bindings', label: 'Bindings', permission: 'access.policy.read' },
    { to: '/admin/explain', label: 'Explain', permission: 'access.policy.read' },
    { to: '/admin/audit', label: 'Audit', permission: 'access.audit.read' },
  ],
};
