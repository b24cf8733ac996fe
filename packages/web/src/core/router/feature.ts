import type { Icon } from '@tabler/icons-react';
import type { AnyRoute } from '@tanstack/react-router';
import type { ComponentType } from 'react';

/** One line of the rail. */
export type NavigationItem = {
  label: string;
  to: string;
  icon: Icon;
  /** The rail has two groups: what people work with, and what keeps the portal right. */
  group: 'work' | 'upkeep';
  /** Other addresses that belong under this line. */
  owns?: (pathname: string) => boolean;
  /** A figure at the end of the line. */
  count?: ComponentType;
};

/** What a feature gives to the web app: its pages and its lines in the rail. */
export type Feature = { name: string; routes: (root: AnyRoute) => AnyRoute[]; navigation: NavigationItem[] };

/** One step of the breadcrumbs; without `to` it is where one stands. */
export type Crumb = { label: string; to?: string; search?: Record<string, string> };

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    crumbs?: (params: Record<string, string>) => Crumb[];
  }
}
