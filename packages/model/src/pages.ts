/** Conditions that an entity must fulfil, all of them; a list of words stands for any of them. */
export type PageCondition = {
  annotation?: string | string[];
  label?: string | string[];
  tag?: string | string[];
  /** type of a relation that it has */
  relation?: string | string[];
  /** dot path that holds something, such as `spec.definition` */
  field?: string | string[];
};

export type CardWidth = 'third' | 'half' | 'two-thirds' | 'full';

/** One card, or several below each other that share a width. */
export type PageCard =
  | string
  | { card: string; title?: string; width?: CardWidth; when?: PageCondition }
  | { cards: string[]; width?: CardWidth; when?: PageCondition };

/** A tab that the portal has, perhaps under another name, or one of cards. */
export type PageTab = string | { tab: string; label?: string; when?: PageCondition; cards?: PageCard[] };

/** How the pages of some entities look. Tabs and cards are each taken from the first page that fits and has them. */
export type EntityPageLayout = {
  kind?: string | string[];
  type?: string | string[];
  when?: PageCondition;
  tabs?: PageTab[];
  /** the cards of the overview */
  cards?: PageCard[];
};

/** The tabs that a layout may name; `more` stands for those of features and plugins that it does not name. */
export const pageTabs = [
  'overview',
  'relations',
  'impact',
  'definition',
  'remotes',
  'api',
  'docs',
  'problems',
  'history',
  'source',
  'more',
] as const;

/** The cards that a layout may name; `more` stands for those of features and plugins that it does not name. */
export const pageCards = [
  'problems',
  'owner',
  'reach',
  'health',
  'links',
  'call',
  'impact',
  'relations',
  'team',
  'changes',
  'about',
  'labels',
  'annotations',
  'checks',
  'more',
] as const;

/** How pages look where the configuration says nothing; what comes first is what people ask first. */
export const defaultPages: EntityPageLayout[] = [
  {
    kind: ['group', 'user'],
    cards: [
      'problems',
      'reach',
      'links',
      'health',
      { width: 'two-thirds', cards: ['team', 'more'] },
      { width: 'third', cards: ['about', 'changes', 'labels', 'annotations'] },
    ],
  },
  {
    tabs: [
      'overview',
      'relations',
      'impact',
      'definition',
      'api',
      'docs',
      'remotes',
      'more',
      'problems',
      'history',
      'source',
    ],
    cards: [
      'problems',
      'owner',
      'reach',
      'health',
      'call',
      'impact',
      'links',
      { width: 'two-thirds', cards: ['relations', 'more'] },
      { width: 'third', cards: ['about', 'changes', 'labels', 'annotations'] },
    ],
  },
];
