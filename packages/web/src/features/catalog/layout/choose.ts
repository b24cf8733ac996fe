import type { CardWidth, Entity, EntityPageLayout, PageCard, PageCondition, PageTab } from '@callboard/model';
import { textAt, valueAt } from '../entity.ts';

/** Cards that share a place of one width. */
export type Place = { width: CardWidth; stacked: boolean; cards: { id: string; title?: string }[] };
/** A tab of the portal, or with `cards` one of the layout. */
export type ChosenTab = { id: string; label?: string; cards?: Place[] };

const listOf = (words: string | string[]): string[] => (Array.isArray(words) ? words : [words]);
const isOneOf = (words: string | string[] | undefined, value = ''): boolean =>
  words === undefined || listOf(words).some((word) => word.toLowerCase() === value.toLowerCase());

const has: Record<keyof PageCondition, (entity: Entity, word: string) => boolean> = {
  annotation: ({ metadata }, word) => Object.hasOwn(metadata.annotations ?? {}, word),
  label: ({ metadata }, word) => Object.hasOwn(metadata.labels ?? {}, word),
  tag: ({ metadata }, word) => metadata.tags?.includes(word) === true,
  relation: ({ relations = [] }, word) => relations.some(({ type }) => type === word),
  field: (entity, word) => valueAt(entity, word) !== undefined,
};

/** Whether an entity has everything that a condition names. */
export const holds = (when: PageCondition | undefined, entity: Entity): boolean =>
  Object.entries(when ?? {}).every(
    ([name, words]) =>
      words === undefined || listOf(words).some((word) => has[name as keyof PageCondition](entity, word)),
  );

const fits = (page: EntityPageLayout, entity: Entity): boolean =>
  isOneOf(page.kind, entity.kind) && isOneOf(page.type, textAt(entity, 'spec.type')) && holds(page.when, entity);

/** The places of cards; a card that stands alone takes a third. `more` becomes the cards that nobody has named. */
function placesOf(cards: PageCard[], entity: Entity, more: string[]): Place[] {
  const expand = (id: string) => (id === 'more' ? more.map((each) => ({ id: each })) : [{ id }]);
  return cards.flatMap((card): Place[] => {
    if (typeof card === 'string')
      return expand(card).map((one) => ({
        width: card === 'problems' ? 'full' : 'third',
        stacked: false,
        cards: [one],
      }));
    if (!holds(card.when, entity)) return [];
    const width = card.width ?? 'third';
    if ('cards' in card) return [{ width, stacked: true, cards: card.cards.flatMap(expand) }];
    return expand(card.card).map(({ id }) => ({
      width,
      stacked: false,
      cards: [{ id, ...(card.title === undefined ? {} : { title: card.title }) }],
    }));
  });
}

const idOfTab = (tab: PageTab): string => (typeof tab === 'string' ? tab : tab.tab);
const idsOfCards = (cards: PageCard[]): string[] =>
  cards.flatMap((card) => (typeof card === 'string' ? [card] : 'cards' in card ? card.cards : [card.card]));

/**
 * The tabs of an entity's page with the cards of those that consist of cards.
 *
 * @param pages - layouts, the most important first
 * @param known - ids of the tabs and cards that other features add, for `more`
 */
export function choosePage(
  pages: EntityPageLayout[],
  entity: Entity,
  known: { tabs: string[]; cards: string[] },
): ChosenTab[] {
  const fitting = pages.filter((page) => fits(page, entity));
  const tabs = fitting.find((page) => page.tabs)?.tabs ?? ['overview'];
  const cards = fitting.find((page) => page.cards)?.cards ?? [];
  const named = new Set(
    [...cards, ...tabs.flatMap((tab) => (typeof tab === 'string' ? [] : (tab.cards ?? [])))].flatMap((card) =>
      idsOfCards([card]),
    ),
  );
  const otherCards = known.cards.filter((id) => !named.has(id));
  const otherTabs = known.tabs.filter((id) => !tabs.some((tab) => idOfTab(tab) === id));
  return tabs.flatMap((tab): ChosenTab[] => {
    const id = idOfTab(tab);
    if (id === 'more') return otherTabs.map((other) => ({ id: other }));
    const written = typeof tab === 'string' ? undefined : tab;
    if (!holds(written?.when, entity)) return [];
    const own = written?.cards ?? (id === 'overview' ? cards : undefined);
    return [
      {
        id,
        ...(written?.label === undefined ? {} : { label: written.label }),
        ...(own === undefined ? {} : { cards: placesOf(own, entity, otherCards) }),
      },
    ];
  });
}
