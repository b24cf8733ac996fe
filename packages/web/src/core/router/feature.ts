import type { Entity } from '@callboard/model';
import type { Icon } from '@tabler/icons-react';
import type { AnyRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import type { PaletteContribution } from '../palette/types.ts';

/** One line of the rail. */
export type NavigationItem = {
  label: string;
  to: string;
  icon: Icon;
  /** The rail has two groups: what people work with, and what keeps the portal right. */
  group: 'work' | 'upkeep';
  /** Other addresses that belong under this line. */
  owns?: (pathname: string) => boolean;
  /** The letter that opens it after `g`. */
  key?: string;
  /** A figure at the end of the line. */
  count?: ComponentType;
};

/** A tab that a feature adds to the pages of entities. Its component should be lazy, so that other pages do not pay for it. */
export type EntityTab = {
  /** The last word of its address. */
  id: string;
  label: string;
  /** Whether this entity has the tab: tabs exist only where there is something in them. */
  when: (entity: Entity) => boolean;
  count?: (entity: Entity) => number | undefined;
  component: ComponentType<{ entity: Entity; entityRef: string }>;
};

/** What a feature gives to the web app: its pages, its lines in the rail and its tabs of entities. */
export type Feature = {
  name: string;
  routes: (root: AnyRoute) => AnyRoute[];
  navigation: NavigationItem[];
  entityTabs?: EntityTab[];
  /** Sections of the rail, between what people work with and what keeps the portal right. */
  rail?: ComponentType[];
  /** What it adds to the palette; its code comes when the palette is opened. */
  palette?: () => Promise<PaletteContribution>;
};

/** One step of the breadcrumbs; without `to` it is where one stands. */
export type Crumb = { label: string; to?: string; search?: Record<string, string> };

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    crumbs?: (params: Record<string, string>) => Crumb[];
  }
}
