import { pageCards, pageTabs } from '@callboard/model';
import { Type } from '@callboard/model/schema';

const closed = { additionalProperties: false };
const words = Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
  expected: 'a word, or a list of words of which one is enough',
});

const when = Type.Optional(
  Type.Object(
    Object.fromEntries(['annotation', 'label', 'tag', 'relation', 'field'].map((name) => [name, Type.Optional(words)])),
    { ...closed, description: 'What an entity must have; all of them.' },
  ),
);

/** What a plugin adds is named with the plugin: `ci:runs`. */
const ofPlugin = Type.String({ pattern: '^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$' });

const inWords = (what: string, names: readonly string[]) => ({
  expected: `a ${what}: ${names.join(', ')}, or one of a plugin such as ci:runs`,
});
const known = (what: string, names: readonly string[]) =>
  Type.Union([...names.map((name) => Type.Literal(name)), ofPlugin], inWords(what, names));

const card = known('card', pageCards);
const width = Type.Optional(
  Type.Union(
    (['third', 'half', 'two-thirds', 'full'] as const).map((each) => Type.Literal(each)),
    { description: 'Share of the row; what is left of a row is filled.' },
  ),
);
const title = Type.Optional(Type.String({ minLength: 1, description: 'The heading instead of its own.' }));

/** Alternatives that are all ways of writing the same thing; a name that is not known is compared with the names. */
const cards = Type.Array(
  Type.Union(
    [
      ...card.anyOf,
      Type.Object({ card, title, width, when }, closed),
      Type.Object({ cards: Type.Array(card, { minItems: 1 }), width, when }, closed),
    ],
    inWords('card', pageCards),
  ),
  { description: 'Cards in their order; several that belong below each other are written as { width, cards }.' },
);

const label = Type.String({ minLength: 1, description: 'The name on the tab.' });
const tab = known('tab', pageTabs);
const tabs = Type.Array(
  Type.Union(
    [
      ...tab.anyOf,
      Type.Object({ tab, label: Type.Optional(label), when }, closed),
      Type.Object(
        {
          tab: Type.String({ pattern: '^[a-z][a-z0-9-]*$', description: 'The last word of its address.' }),
          label,
          when,
          cards,
        },
        closed,
      ),
    ],
    inWords('tab', pageTabs),
  ),
  { minItems: 1, description: 'Tabs in their order. What is not named is not shown; `more` names the others.' },
);

/** `catalog.pages` of the configuration. */
export const pagesSection = Type.Array(
  Type.Object(
    {
      kind: Type.Optional(words),
      type: Type.Optional(words),
      when,
      tabs: Type.Optional(tabs),
      cards: Type.Optional(cards),
    },
    closed,
  ),
  {
    default: [],
    description:
      'How the pages of entities look. Tabs, and the cards of the overview, are each taken from the first entry that fits and has them.',
  },
);
