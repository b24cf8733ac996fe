import fastCheck from 'fast-check';
import { type RawBuilder, sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../core/db/index.ts';
import { createEvents } from '../../../core/events/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually } from '../../../testing/portal.ts';
import { createAnalyser } from '../analysis/analyser.ts';
import { searchMigrations } from '../migrations/index.ts';
import { engineOf } from '../store/engine-of.ts';
import { createIndexStore } from '../store/index-store.ts';
import type { SearchDocument, SearchScope } from '../types.ts';
import { type Counts, search, type SearchOutcome } from './search.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const nobody = { ref: 'user:default/nobody', groups: [] as string[] };

const document = (key: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  key,
  title: key,
  names: [key],
  location: `/${key}`,
  ...more,
});

/** A word of letters for each number. */
const rareWord = (index: number) =>
  `x${Array.from(String(index * 7_919), (digit) => 'bcdfgaeiou'[Number(digit)]).join('')}`;

const documents: SearchDocument[] = [
  document('petstore', {
    tags: ['java'],
    owner: 'group:default/pets',
    values: { owner: ['group:default/pets'], tag: ['java'], kind: ['Component'] },
  }),
  document('store', { values: { kind: ['Component'] } }),
  document('storefront', { values: { kind: ['Component'] }, text: 'Sells what the warehouse has.' }),
  document('orderService', { title: 'Orders', text: 'Takes payments for store orders.', values: { kind: ['System'] } }),
  document('warehouse', {
    text: 'Die Zahlungen werden mit der Karte gemacht und die Buchungen geprüft.',
    values: { kind: ['System'] },
  }),
  document('billing-v1', { title: 'Billing', deprecated: true }),
  document('billing-v2', { title: 'Billing' }),
  document('joins', { title: 'Joined', text: 'Hosts GitLab runners for JavaScript builds.' }),
  document('lower', { title: 'Reads openapi files' }),
  document('müller-dienst', { title: 'Müllers Dienst' }),
  document('kiteLanternDrawer', { title: 'Cupboard for kites' }),
  document('yarn-basket', { tags: ['wool'] }),
  document('quilt-hoop-rack', { text: 'Keeps hoops.' }),
  document('attic', { text: 'Nothing but a hooprack.' }),
  document('სასტუმრო', { title: 'Კარი' }),
  document('kana-𛃉ま', { title: 'Adlam 𞤀𞤣𞤤𞤢𞤥' }),
  document('secret-plan', {
    title: 'Secret zanzibar plan',
    owner: 'group:default/spies',
    values: { owner: ['group:default/spies'], kind: ['Component'] },
  }),
];

forEachDatabase((dialect, { open }) => {
  let db: Database;
  let ask: (term: string, more?: { scope?: SearchScope; owners?: string[] }) => Promise<SearchOutcome & Counts>;
  const filler = (index: number) =>
    document(`filler-${index}`, {
      text: `common words number ${rareWord(index)} of a long list`,
      values: { kind: ['Filler'] },
    });
  let write: (written: SearchDocument[], version: number) => Promise<void>;
  const keys = async (...given: Parameters<typeof ask>) => (await ask(...given)).ranked.map((each) => each.key);

  beforeAll(async () => {
    db = await open();
    await db.migrate(searchMigrations);
    const engine = engineOf(db);
    const store = createIndexStore(db, engine, createEvents({ db, log }));
    write = async (written, version) => {
      const analyser = createAnalyser();
      const filing = await analyser.documents(engine.form, 'things', written);
      await analyser.close();
      await db.transaction(async (tx) => {
        await store.replace(
          tx,
          'a',
          'things',
          filing.documents.map((each) => ({
            subject: each.key,
            version,
            documents: [{ ...each, entityRef: each.key }],
          })),
        );
        const words = filing.words.flatMap((list, head) =>
          list
            .split(' ')
            .filter(Boolean)
            .map((text) => ({ text, head })),
        );
        await store.addWords(tx, 'a', words);
      });
    };
    await write([...documents, ...Array.from({ length: 3_000 }, (_, index) => filler(index))], 1);
    await engine.complete('a');
    ask = async (term, { scope, owners = [] } = {}) => {
      const outcome = await search(
        { db, engine, store },
        {
          term,
          wanted: 26,
          count: true,
          facets: true,
          asker: async () => ({ ...nobody, groups: owners }),
          ...(scope && { scope: async () => scope }),
        },
      );
      return { ...outcome, ...(await outcome.counts)! };
    };
  });

  test('words in letters that the database does not know', async () => {
    expect(await keys('სასტუ')).toEqual(['სასტუმრო']);
    expect(await keys('კარი')).toEqual(['სასტუმრო']);
    expect(await keys('𞤀𞤣𞤤𞤢𞤥')).toEqual(['kana-𛃉ま']);
    expect(await keys('𞤀𞤣𞤤')).toEqual(['kana-𛃉ま']);
    for (const term of ['𛃉', 'კᲓ', '𛃉ま𛃉']) expect((await ask(term)).ranked.length).toBeLessThan(3_100);
  });

  test('the exact name, then names that start so, then words inside, then prose', async () => {
    expect(await keys('store')).toEqual(['store', 'storefront', 'petstore', 'orderService']);
  });

  test('one letter stands for names of things before words that very many operations begin with', async () => {
    const things = Array.from('abcdefghiklmnopqrstu', (letter) => document(`job${letter}`));
    const text = things.map(({ key }) => key).join(' ');
    const operations = Array.from({ length: 300 }, (_, index) => document(`jot /${rareWord(index)}`, { weight: 0.85 }));
    // What was a word of a text becomes one of names.
    await write([document('listed', { text, weight: 0.85 }), ...operations], 1);
    await write(things, 1);
    const found = (await keys('j')).filter((key) => /^jo[bt]/.test(key));
    expect(found.slice(0, 15)).toEqual(things.slice(0, 15).map(({ key }) => key));
    expect(found.filter((key) => key.startsWith('jot'))).toEqual([]);
    expect((await keys('jot'))[0]).toMatch(/^jot /);
  });

  test('parts of names however they are written', async () => {
    expect(await keys('service')).toEqual(['orderService']);
    expect(await keys('order-service')).toEqual(['orderService']);
    expect(await keys('orderservice')).toEqual(['orderService']);
    expect((await keys('filler2999'))[0]).toBe('filler-2999');
  });

  test('accents do not matter, on either side', async () => {
    expect(await keys('muller')).toEqual(['müller-dienst']);
    expect(await keys('MÜLLER')).toEqual(['müller-dienst']);
  });

  test('prose is found by its stems, English and German; names are not stemmed', async () => {
    expect(await keys('payment')).toEqual(['orderService']);
    expect(await keys('zahlung')).toEqual(['warehouse']);
    expect(await keys('buchung')).toEqual(['warehouse']);
    expect(await keys('selling')).toEqual(['storefront']);
  });

  test('phrases keep their order', async () => {
    expect(await keys('"store orders"')).toEqual(['orderService']);
    expect(await keys('"orders store"')).toEqual([]);
  });

  test.each([
    'hosts gitlab runners',
    'Hosts GitLab Runners',
    'hosts Git Lab runners',
    'lab runners for Java Script',
    'gitlab runners',
    'runners for JavaScript',
    'JavaScript builds',
  ])('the phrase "%s" is found however its words are joined', async (phrase) => {
    expect(await keys(`"${phrase}"`)).toEqual(['joins']);
  });

  test('a phrase does not go from one end of a text to another, nor over what stands between', async () => {
    for (const phrase of ['gitlab javascript', 'gitlab builds', 'builds hosts', 'runners javascript', 'joins hosts'])
      expect([phrase, await keys(`"${phrase}"`)]).toEqual([phrase, []]);
    expect(await keys('"openApi files"')).toEqual(['lower']);
  });

  test('what is deprecated comes after its equal, what is mine before', async () => {
    expect(await keys('billing')).toEqual(['billing-v2', 'billing-v1']);
    const score = async (owners: string[]) => (await ask('petstore', { owners })).ranked[0]!.score;
    expect(await score(['group:default/pets'])).toBeGreaterThan(await score([]));
  });

  test('mistakes are forgiven, and what was meant is said', async () => {
    const outcome = await ask('wharehouse');
    expect(outcome.ranked[0]!.key).toBe('warehouse');
    expect(outcome.didYouMean).toBe('warehouse');
  });

  test.each([
    ['lanterndrawer', 'a part of it'],
    ['kitelanterndrawr', 'a letter too few'],
    ['kiteLanternDrawwer', 'a letter too many'],
    ['kitelanetrndrawer', 'a swap'],
    ['iktelanterndrawer', 'a swap where it begins'],
    ['kitelanternrdawer', 'a swap where its parts meet'],
    ['kitolantarndrawer', 'two mistakes'],
    ['kitelantrndr', 'its beginning with a mistake'],
    ['lanterndrawr', 'a part of it with a mistake'],
    ['kite-lanterndrawr', 'in two words'],
    ['kite lantarndrawer', 'in two words, one of them with a mistake'],
    ['cupbordforkites', 'its title'],
    ['kitelanterndrawr cupboard', 'beside another word'],
  ])('a name of several words is found however it is typed: %s, %s', async (term) => {
    expect((await ask(term)).ranked.map((each) => each.key)).toEqual(['kiteLanternDrawer']);
  });

  test('a part of a name that was typed as one is found where texts have it as a word, too', async () => {
    expect(await keys('hooprack')).toEqual(['quilt-hoop-rack', 'attic']);
  });

  test('what was meant by a name that was typed as one is said', async () => {
    expect((await ask('kitelanterndrawr')).didYouMean).toBe('kitelanterndrawer');
    expect((await ask('kite-lantrndrawer')).didYouMean).toBe('kitelanterndrawer');
    expect((await ask('yarnbaskte wool')).didYouMean).toBe('yarnbasket wool');
    expect((await ask('lanterndrawer')).didYouMean).toBeUndefined();
  });

  test('when nothing has all the words, some of them do', async () => {
    const outcome = await ask('petstore quagmire');
    expect([outcome.partial, outcome.ranked.map((each) => each.key)]).toEqual([true, ['petstore']]);
  });

  test('counting ends at a number, and says so', async () => {
    expect((await ask('common words')).total).toEqual({ count: 2_000, atLeast: true });
    expect((await ask('store')).total).toEqual({ count: 4, atLeast: false });
  });

  describe('what the asker may not see', () => {
    const scope: SearchScope = { holds: (ref) => sql`${ref} <> 'secret-plan'` };

    test('is in no result, count, facet or correction', async () => {
      expect(await keys('zanzibar')).toEqual(['secret-plan']);
      for (const term of [
        'zanzibar',
        'zanzibr',
        'secret',
        'secret-plan',
        'secretpln',
        'zanzibarplan',
        'owner:spies',
        '"secret zanzibar"',
      ]) {
        const outcome = await ask(term, { scope });
        expect([term, outcome.ranked, outcome.total, outcome.didYouMean]).toEqual([
          term,
          [],
          { count: 0, atLeast: false },
          undefined,
        ]);
        expect(outcome.values).toEqual([]);
      }
      const all = await ask('', { scope });
      expect(all.values.find((each) => each.name === 'kind' && each.value === 'Component')!.count).toBeLessThanOrEqual(
        3,
      );
      expect(all.values.some((each) => each.value === 'group:default/spies')).toBe(false);
    });

    test('what is seen is found wherever it stands among what is not', async () => {
      expect(await keys('common', { scope: { holds: (ref) => sql`${ref} = 'filler-2998'` } })).toEqual(['filler-2998']);
      expect(await keys('"common words"', { scope: { holds: (ref) => sql`${ref} = 'filler-7'` } })).toEqual([
        'filler-7',
      ]);
      expect(await keys('store', { scope: { holds: () => sql`1 = 0` } })).toEqual([]);
    });

    describe('is the same where it is known by ids', () => {
      const even = (ref: RawBuilder<string>) => sql`cast(substr(${ref}, 8) as integer) % 2 = 0`;
      const isFiller = (ref: RawBuilder<string>) => sql`substr(${ref}, 1, 7) = 'filler-'`;
      /** Every second filler, and of what has no id whatever the database says. */
      const asked: SearchScope = {
        holds: (ref) =>
          sql`(case when ${isFiller(ref)} then ${even(ref)} else ${ref} in ('petstore', 'storefront') end)`,
      };
      const scopeWith = (mask: Uint8Array<ArrayBuffer>): SearchScope => ({
        ...asked,
        byId: {
          idOf: (ref) => sql`case when ${isFiller(ref)} then cast(substr(${ref}, 8) as integer) + 5 end`,
          mask,
        },
      });
      const evenMask = Uint8Array.from({ length: 3_100 }, (_, id) => (id >= 5 && id % 2 === 1 ? 1 : 0));
      const said = async (term: string, seen: SearchScope) => {
        const { ranked, total, values: facets, types, didYouMean } = await ask(term, { scope: seen });
        return { keys: ranked.map((each) => each.key), total, facets, types: [...types], didYouMean };
      };
      const terms = ['store', 'stroe', rareWord(2_004), rareWord(2_005), '"store orders"', 'kind:component', 'secret'];

      test('results, counts, facets and corrections', async () => {
        const known = scopeWith(evenMask);
        for (const term of terms) expect([term, await said(term, known)]).toEqual([term, await said(term, asked)]);
        for (const term of ['common', 'number long', '', '"common words"']) {
          const { keys: found, total, facets } = await said(term, known);
          const wanted = await said(term, asked);
          expect([total, facets]).toEqual([wanted.total, wanted.facets]);
          expect(found.filter((key) => key.startsWith('filler-') && Number(key.slice(7)) % 2 === 1)).toEqual([]);
        }
        expect(await keys('common', { scope: scopeWith(new Uint8Array(3_100).fill(1, 3_003, 3_004)) })).toEqual([
          'filler-2998',
        ]);
        expect(await keys('common', { scope: scopeWith(new Uint8Array(0)) })).toEqual([]);
      });

      test('what is written later is known as well, and what it replaces no longer', async () => {
        const before = scopeWith(evenMask);
        expect(await keys('quokka', { scope: before })).toEqual([]);
        await write(
          [document('filler-2004', { text: 'A quokka.' }), document('filler-2005', { text: 'A quokka.' })],
          2,
        );
        expect(await keys('quokka')).toEqual(['filler-2004', 'filler-2005']);
        expect(await keys('quokka', { scope: before })).toEqual(['filler-2004']);
        expect(await keys(rareWord(2_004), { scope: before })).toEqual([]);
        expect(await keys('quokka', { scope: scopeWith(evenMask.map((seen) => 1 - seen)) })).toEqual(['filler-2005']);
        await write(
          [2_004, 2_005].map((index) => filler(index)),
          3,
        );
        expect(await keys('quokka', { scope: before })).toEqual([]);
        expect(await keys(rareWord(2_004), { scope: before })).toEqual(['filler-2004']);
      });
    });
  });

  describe('no input is an error', () => {
    const awkward = fastCheck.oneof(
      fastCheck.string({ unit: 'binary', maxLength: 120 }),
      fastCheck.string({ unit: 'grapheme', maxLength: 60 }),
      fastCheck
        .array(
          fastCheck.constantFrom(
            ...[
              'store',
              '"',
              "'",
              '*',
              'AND',
              'OR',
              'NOT',
              'NEAR(',
              ')',
              '(',
              ':',
              'kind:',
              'tag:"',
              '&',
              '|',
              '!',
              '<->',
              '\\',
              '\0',
            ],
            ...[
              '--',
              ';',
              '%',
              '_',
              '{',
              '}',
              '^',
              '+',
              '-',
              '🚢',
              '\u202Eabc',
              'n:',
              'h:x',
              'zk00',
              '$type',
              'names',
              "'; drop table x",
              'ß',
            ],
          ),
          { maxLength: 14 },
        )
        .map((parts) => parts.join(' ')),
    );

    test('whatever is typed, the answer is a list that has an end', async () => {
      await fastCheck.assert(
        fastCheck.asyncProperty(awkward, async (term) => {
          const outcome = await ask(term);
          expect(outcome.ranked.length).toBeLessThanOrEqual(3_100);
        }),
        { numRuns: 120 },
      );
    });

    test('very long words and very many of them', async () => {
      for (const term of [
        'x'.repeat(10_000),
        'store '.repeat(5_000),
        'a-'.repeat(5_000),
        '"'.repeat(10_000),
        'é'.repeat(10_000),
      ])
        expect((await ask(term)).ranked.length).toBeLessThan(3_100);
    });
  });

  test('every look-up is by an index', async () => {
    const terms = ['store', 'common words', '"long list"', 'kind:filler', 'stroe', 'umb', 'kitelanterndrawr'];
    if (dialect === 'sqlite') {
      const { rows } = await sql<{
        detail: string;
      }>`explain query plan select rowid from search_text_a where search_text_a match '"store" *'`.execute(db.reader());
      expect(rows[0]!.detail).toMatch(/VIRTUAL TABLE INDEX/);
      return;
    }
    const scans = async () => {
      const { rows } = await sql<{ seq: number; idx: number; grams: number; names: number }>`select
        (select seq_scan from pg_stat_user_tables where schemaname = current_schema() and relname = 'search_text_a_0')::int as seq,
        (select idx_scan from pg_stat_user_indexes where schemaname = current_schema() and indexrelname = 'search_text_a_0_words')::int as idx,
        (select idx_scan from pg_stat_user_indexes where schemaname = current_schema() and indexrelname = 'search_word_a_trigrams')::int as grams,
        (select idx_scan from pg_stat_user_indexes where schemaname = current_schema() and indexrelname = 'search_document_a_names')::int as names`.execute(
        db.reader(),
      );
      return rows[0]!;
    };
    // The server tells its figures with a delay, so those of earlier tests are waited for.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const before = await scans();
    for (const term of terms) await ask(term);
    await eventually(async () => {
      const after = await scans();
      expect(after.idx).toBeGreaterThan(before.idx);
      expect(after.names).toBeGreaterThan(before.names);
      expect(after.seq).toBe(before.seq);
    });
    // The dictionary is small here; in a large one nothing but the index is quick.
    const rows = await db.transaction(async (tx) => {
      await sql`set local enable_seqscan = off`.execute(tx);
      const explain = async (statement: string) =>
        (await sql.raw<{ 'QUERY PLAN': string }>(`explain ${statement}`).execute(tx)).rows;
      return [
        ...(await explain("select word from search_word_a where word like '%illerx%'")),
        ...(await explain("select joined_names from search_document_a where joined_names like '%lanternd%'")),
      ];
    });
    const plans = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plans).toContain('search_word_a_trigrams');
    expect(plans).toContain('search_document_a_names');
  });
});
