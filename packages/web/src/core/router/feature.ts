import type { Entity, Problem } from '@callboard/model';
import type { ProvenanceResponse } from '@callboard/model/http';
import type { SearchResult } from '@callboard/model/http';
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
  /** Without it the line is not shown. */
  permission?: string;
  /** A figure at the end of the line. */
  count?: ComponentType;
};

/** What tabs and cards of an entity's page are given. Texts below `spec` are cut where they are very long. */
export type EntityPartProps = { entity: Entity; entityRef: string };

/** A tab that a feature adds to the pages of entities. Its component should be lazy, so that other pages do not pay for it. */
export type EntityTab = {
  /** The last word of its address, and its name in `catalog.pages`. */
  id: string;
  label: string;
  /** Whether this entity has the tab: tabs exist only where there is something in them. */
  when: (entity: Entity, problems: readonly Problem[]) => boolean;
  count?: (entity: Entity) => number | undefined;
  /** A mark instead of the count. */
  mark?: ComponentType<EntityPartProps>;
  /** Whether it needs every text whole. */
  whole?: boolean;
  component: ComponentType<EntityPartProps>;
};

/** Where an entity comes from, and who else claims it. */
export type Evidence = ProvenanceResponse;

/** A card that a feature adds to the pages of entities; those that no layout names stand where it says `more`. */
export type EntityCard = {
  /** Its name in `catalog.pages`. */
  id: string;
  title: string;
  /** Whether there is anything to show of this entity; where it comes from is known a moment later. */
  when?: (entity: Entity, problems: readonly Problem[], evidence: Evidence | undefined) => boolean;
  /** A card that draws its own heading. */
  bare?: boolean;
  component: ComponentType<EntityPartProps>;
};

/** A column that a plugin adds to lists of entities. Its values are not in the catalog: nothing is sorted, found or exported by them. */
export type EntityColumn = {
  /** Its word in the address: `plugin:column`. */
  id: string;
  title: string;
  description?: string | undefined;
  /** Who says it. */
  from: string;
  /** Kinds of which it says anything, in lower case; all when absent. */
  kinds?: readonly string[] | undefined;
  /** Comes empty, and fills when the answer is there. */
  cell: ComponentType<EntityPartProps>;
};

/** A part that a feature or plugin adds to the home page. */
export type HomeWidget = { name: string; title: string; component: ComponentType };

/** How search results of one type are drawn. */
export type SearchResultPart = { type: string; component: ComponentType<{ result: SearchResult; open: () => void }> };

/** What a field of a template's form is given: its value, what the template says about it, and the answers so far. */
export type FormFieldProps = {
  /** for the `id` of the control, which the label names */
  id: string;
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
  /** somebody has left the field */
  onBlur: () => void;
  required: boolean;
  disabled: boolean;
  /** `ui:options` of the template */
  options: Record<string, unknown>;
  /** JSON Schema of the value */
  schema: Record<string, unknown>;
  /** all answers of the form */
  values: Record<string, unknown>;
};

/** A field that templates ask for by `ui:field`, by its name or as `from:name`. */
export type FormField = { from: string; name: string; component: ComponentType<FormFieldProps> };

/** A page of the administration, in the line of links that all of them have. */
export type AdminLink = {
  to: string;
  label: string;
  /** without it there is nothing to see */
  permission?: string;
};

/** What a feature lets people do with an entity, as buttons at the head of its page, before the catalog's own. */
export type EntityAction = {
  id: string;
  when: (entity: Entity) => boolean;
  component: ComponentType<EntityPartProps>;
};

/** What a feature gives to the web app: its pages, its lines in the rail, its tabs and cards of entities. */
export type Feature = {
  name: string;
  routes: (root: AnyRoute) => AnyRoute[];
  navigation: NavigationItem[];
  entityTabs?: EntityTab[];
  entityCards?: EntityCard[];
  entityActions?: EntityAction[];
  entityColumns?: EntityColumn[];
  widgets?: HomeWidget[];
  searchResults?: SearchResultPart[];
  formFields?: FormField[];
  adminPages?: AdminLink[];
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
