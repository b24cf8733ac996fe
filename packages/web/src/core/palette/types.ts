import type { RecentItem } from '@callboard/model/http';
import type { QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/** One line of the palette: somewhere to go (`to`) or something to do (`run`). */
export type PaletteItem = {
  /** Unique among all lines: a ref, an address, the name of an action. */
  id: string;
  label: string;
  /** The label in pieces, when whoever found it knows which of them were meant; else what was typed is marked. */
  pieces?: { text: string; marked: boolean }[];
  /** The heading it stands under, and what Tab narrows to: Components, People, Actions. */
  group: string;
  icon?: ReactNode;
  type?: string | undefined;
  owner?: string | undefined;
  /** One grey line of context. */
  detail?: string | undefined;
  /** Address within the portal. */
  to?: string;
  run?: () => void | Promise<void>;
  /** Called when somebody goes there. */
  onOpen?: () => void;
  /** What it is done with is asked first: a name. */
  ask?: { label: string; initial: string; run: (answer: string) => void };
  /** Without it the line is not shown. */
  permission?: string;
  /** Other words under which it is found. */
  keywords?: string;
  /** How well it fits what was typed: 0 to 1. */
  score?: number;
};

/** What was typed, without the sign that chose the scope. */
export type PaletteQuestion = { text: string; scope: 'all' | 'people' | 'tags'; group?: string | undefined };

/** `incomplete` when the same question may have more results in a moment. */
export type PaletteAnswer = { items: PaletteItem[]; incomplete?: boolean };

/** Where the palette was opened. */
export type PalettePlace = { pathname: string; href: string; client: QueryClient };

/** What a feature gives to the palette. */
export type PaletteContribution = {
  /** Answers what is typed; of several features the last one is asked. Refuses with an error that says what to do. */
  results?: (question: PaletteQuestion, place: PalettePlace, signal: AbortSignal) => Promise<PaletteAnswer>;
  /** What can be done at this place, the most fitting first. */
  actions?: (place: PalettePlace) => PaletteItem[];
  /** How a recently opened thing looks, if it is one of this feature's. */
  present?: (recent: RecentItem, place: PalettePlace) => Pick<PaletteItem, 'icon' | 'type' | 'detail'> | undefined;
};
