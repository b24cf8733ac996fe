import { useRouterState } from '@tanstack/react-router';
import { shownNavigation, useFeatures, type NavigationItem } from '../router/index.ts';
import { useMayAll } from '../session/index.ts';
import { AppLink } from '../ui/index.ts';
import classes from './Rail.module.css';

const isHere = (item: NavigationItem, pathname: string) =>
  item.owns ? item.owns(pathname) : pathname === item.to || (item.to !== '/' && pathname.startsWith(`${item.to}/`));

/** The left navigation: real links, where one is, and figures that ask for attention. */
export function Rail({ navigation, collapsed }: { navigation: NavigationItem[]; collapsed: boolean }) {
  const features = useFeatures();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const may = useMayAll();
  const adminPages = features.flatMap((feature) => feature.adminPages ?? []);
  const lines = shownNavigation(navigation, adminPages, may);
  const shown = (group: NavigationItem['group']) => lines.filter((item) => item.group === group);
  const line = (item: NavigationItem) => {
    const Icon = item.icon;
    const Count = item.count;
    return (
      <li key={item.label}>
        <AppLink
          to={item.to}
          className={classes.line}
          current={isHere(item, pathname) ? 'page' : undefined}
          title={collapsed ? item.label : undefined}
        >
          <Icon size="1.125rem" stroke={1.6} aria-hidden />
          <span className={classes.label}>{item.label}</span>
          {Count ? (
            <span className={classes.count}>
              <Count />
            </span>
          ) : null}
        </AppLink>
      </li>
    );
  };
  return (
    <nav aria-label="Main" className={classes.rail} data-collapsed={collapsed}>
      <AppLink to="/" className={classes.brand} title="Home">
        <svg viewBox="0 0 32 32" width="1.375rem" height="1.375rem" aria-hidden="true">
          <rect width="32" height="32" rx="7" fill="var(--cb-accent)" />
          <path d="M8 10h16M8 16h16M8 22h9" stroke="var(--cb-page)" strokeWidth="3" strokeLinecap="round" />
        </svg>
        <span className={classes.label}>Callboard</span>
      </AppLink>
      <ul>{shown('work').map(line)}</ul>
      {collapsed ? null : (
        <div className={classes.sections}>
          {features
            .flatMap(({ rail = [] }) => rail)
            .map((Section, index) => (
              <Section key={index} />
            ))}
        </div>
      )}
      <ul className={classes.upkeep}>{shown('upkeep').map(line)}</ul>
    </nav>
  );
}
