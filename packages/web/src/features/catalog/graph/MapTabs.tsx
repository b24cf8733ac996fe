import { TabLink, TabStrip } from '../../../core/ui/index.ts';

const tabs = [
  { to: '/landscape', label: 'Systems' },
  { to: '/org', label: 'Organization' },
  { to: '/catalog-graph', label: 'Relations' },
] as const;

/** The three ways to look at the whole. */
export const MapTabs = ({ current }: { current: (typeof tabs)[number]['to'] }) => (
  <TabStrip label="Ways to look at the whole" current={current}>
    {tabs.map(({ to, label }) => (
      <TabLink key={to} to={to} current={to === current ? 'page' : undefined}>
        {label}
      </TabLink>
    ))}
  </TabStrip>
);
