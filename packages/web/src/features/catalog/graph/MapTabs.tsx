import { AppLink } from '../../../core/ui/index.ts';
import classes from '../parts/EntityTabs.module.css';

const tabs = [
  { to: '/landscape', label: 'Systems' },
  { to: '/org', label: 'Organization' },
  { to: '/catalog-graph', label: 'Relations' },
] as const;

/** The three ways to look at the whole. */
export const MapTabs = ({ current }: { current: (typeof tabs)[number]['to'] }) => (
  <nav aria-label="Ways to look at the whole" className={classes.tabs}>
    {tabs.map(({ to, label }) => (
      <AppLink key={to} to={to} className={classes.tab} current={to === current ? 'page' : undefined}>
        {label}
      </AppLink>
    ))}
  </nav>
);
