import { expect, test } from 'vitest';
import { createEvents } from '../../../core/events/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually } from '../../../testing/portal.ts';
import { createAnalyser } from '../analysis/analyser.ts';
import { searchMigrations } from '../migrations/index.ts';
import { search } from '../query/search.ts';
import { engineOf } from '../store/engine-of.ts';
import { createIndexStore } from '../store/index-store.ts';
import { component, indexed, keysOf, query, searchPortal } from '../testing/portal.ts';
import type { SearchDocument, SearchSource } from '../types.ts';
import { createIndexer } from './indexer.ts';

const log = await createLogger({ level: 'silent', format: 'json' });
const asker = async () => ({ ref: 'user:default/nobody', groups: [] });

/** Things that are kept in a map, as a source. */
const sourceOf = (things: Map<string, SearchDocument>, more: Partial<SearchSource> = {}): SearchSource => ({
  type: 'things',
  version: 1,
  events: ['test.thing.changed'],
  async toDocuments(subjects) {
    return new Map(
      subjects.flatMap((subject): [string, SearchDocument[]][] => {
        const document = things.get(subject);
        return document ? [[subject, [document]]] : [];
      }),
    );
  },
  async subjects(after, limit) {
    const all = [...things.keys()].sort().filter((key) => after === undefined || key > after);
    return all.slice(0, limit);
  },
  ...more,
});

const thing = (key: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  key,
  title: key,
  location: `/things/${key}`,
  ...more,
});

forEachDatabase((_dialect, { open, place }) => {
  const setUp = async (things: Map<string, SearchDocument>, more: Partial<SearchSource> = {}) => {
    const db = await open();
    await db.migrate(searchMigrations);
    const events = createEvents({ db, log });
    const engine = engineOf(db);
    const store = createIndexStore(db, engine, events);
    const analyser = createAnalyser();
    const parts = { db, events, log, engine, store, analyser };
    const indexer = createIndexer({ ...parts, sources: [sourceOf(things, more)] });
    const find = async (term: string) => {
      const request = { term, wanted: 50, count: true, asker };
      return (await search({ db, engine, store }, request)).ranked.map((each) => each.key);
    };
    const change = async (...subjects: string[]) => {
      const { cursor } = await events.read({ after: await events.latest(), limit: 1 });
      await db.transaction((tx) =>
        events.append(
          tx,
          subjects.map((subject) => ({ type: 'test.thing.changed', subject })),
        ),
      );
      return (await events.read({ after: cursor, limit: 1_000 })).events;
    };
    return { ...parts, indexer, find, change };
  };
  const context = { signal: new AbortController().signal, progress: () => undefined };

  test('a rebuild stands beside the index that answers, and changes in between are in both', async () => {
    const things = new Map([['alpha', thing('alpha')]]);
    const { indexer, find, change, analyser } = await setUp(things);
    await indexer.rebuild(context);
    expect(await find('alpha')).toEqual(['alpha']);

    for (let index = 0; index < 2_450; index += 1)
      things.set(`many-${String(index).padStart(3, '0')}`, thing(`many-${index}`));
    const searches: Promise<string[]>[] = [];
    await indexer.rebuild({ signal: context.signal, progress: () => void searches.push(find('alpha')) });
    expect(searches.length).toBeGreaterThanOrEqual(2);
    for (const keys of await Promise.all(searches)) expect(keys).toEqual(['alpha']);
    expect((await find('many-2449')).at(0)).toBe('many-2449');

    things.delete('alpha');
    things.set('beta', thing('beta'));
    await indexer.consume(await change('alpha', 'beta'));
    expect([await find('alpha'), await find('beta')]).toEqual([[], ['beta']]);
    await analyser.close();
  });

  test('an interrupted rebuild goes on where it was', async () => {
    const things = new Map(
      Array.from({ length: 2_600 }, (_, index) => [`t${String(index).padStart(4, '0')}`, thing(`t${index}`)]),
    );
    const asked: (string | undefined)[] = [];
    const { indexer, find, analyser } = await setUp(things, {
      async subjects(after, limit) {
        asked.push(after);
        return [...things.keys()].filter((key) => after === undefined || key > after).slice(0, limit);
      },
    });
    const stop = new AbortController();
    const stopping = { signal: stop.signal, progress: () => stop.abort(new Error('stopped')) };
    await expect(indexer.rebuild(stopping)).rejects.toThrow('stopped');
    expect(await find('t2599')).toEqual([]);
    asked.length = 0;
    await indexer.rebuild(context);
    expect(asked[0]).not.toBeUndefined();
    expect((await find('t2599')).at(0)).toBe('t2599');
    expect((await find('t3')).at(0)).toBe('t3');
    await analyser.close();
  });

  test('subjects with very many documents are written in pieces, and an interrupted rebuild goes on between them', async () => {
    const subjects = Array.from({ length: 9 }, (_, index) => `site${index}`);
    const { indexer, find, store, db, analyser } = await setUp(new Map(), {
      subjects: async (after, limit) => subjects.filter((each) => after === undefined || each > after).slice(0, limit),
      toDocuments: async (wanted) =>
        new Map(wanted.map((site) => [site, Array.from({ length: 400 }, (_, page) => thing(`${site}-page${page}`))])),
    });
    const written: number[] = [];
    const stop = new AbortController();
    const progress = ({ documents }: { documents: number }) => {
      written.push(documents);
      if (written.length === 2) stop.abort(new Error('stopped'));
    };
    await expect(indexer.rebuild({ signal: stop.signal, progress })).rejects.toThrow('stopped');
    await indexer.rebuild({ ...context, progress });
    expect(written.at(-1)).toBe(3_600);
    for (const [index, documents] of written.entries()) {
      const more = documents - (written[index - 1] ?? 0);
      expect([more > 0, more <= 1_600]).toEqual([true, true]);
    }
    const { active } = await store.state(db.reader());
    expect(await store.counts(db.reader(), active)).toEqual({ things: 3_600 });
    expect((await find('site8-page399')).at(0)).toBe('site8-page399');
    await analyser.close();
  });

  test('what a change shows in others is read again only where they were read before it', async () => {
    const asked: string[] = [];
    const things = new Map([
      ['team', thing('team')],
      ['owned', thing('owned')],
    ]);
    const { toDocuments } = sourceOf(things);
    const { indexer, change, analyser } = await setUp(things, {
      async toDocuments(subjects) {
        asked.push(...subjects);
        return toDocuments(subjects);
      },
      affected: async (subjects) => (subjects.includes('team') ? ['owned'] : []),
    });
    const early = await change('team');
    await indexer.consume(await change('owned'));
    await indexer.consume(early);
    expect(asked).toEqual(['owned', 'team']);
    await indexer.consume(await change('team'));
    expect(asked).toEqual(['owned', 'team', 'team', 'owned']);
    await analyser.close();
  });

  test('an older reading never undoes a newer one', async () => {
    const { db, engine, store, analyser, find } = await setUp(new Map());
    const write = async (version: number, title: string) => {
      const filing = await analyser.documents(engine.form, 'things', [thing('x', { title })]);
      const documents = filing.documents.map((each) => ({ ...each, entityRef: 'x' }));
      await db.transaction((tx) => store.replace(tx, 'a', 'things', [{ subject: 'x', version, documents }]));
    };
    await write(5, 'newer');
    await write(3, 'older');
    expect([await find('newer'), await find('older')]).toEqual([['x'], []]);
    await analyser.close();
  });

  test('what was taken in already is not read again, and other events are not heard', async () => {
    let read = 0;
    const things = new Map([['alpha', thing('alpha')]]);
    const plain = sourceOf(things);
    const { indexer, change, analyser } = await setUp(things, {
      toDocuments: (subjects) => {
        read += subjects.length;
        return plain.toDocuments(subjects);
      },
    });
    const events = await change('alpha');
    await indexer.consume(events);
    await indexer.consume(events);
    await indexer.consume([{ ...events[0]!, id: events[0]!.id + 1, type: 'test.other' }]);
    expect(read).toBe(1);
    await analyser.close();
  });

  test('a saved descriptor is found, a changed one by its new words only, a deleted one no more', async () => {
    const portal = await searchPortal({
      place: await place(),
      files: { 'a/catalog-info.yaml': component('petstore') },
    });
    expect(await keysOf(portal, 'store')).toEqual(['component:default/petstore']);

    await portal.write({
      'b/catalog-info.yaml': component('zebra-crossing', { metadata: '  description: Stripes\n  tags: [road]' }),
    });
    await eventually(async () => expect(await keysOf(portal, 'zebra')).toEqual(['component:default/zebra-crossing']));

    await portal.write({
      'b/catalog-info.yaml': component('zebra-crossing', { metadata: '  description: Lights\n  tags: [street]' }),
    });
    await eventually(async () =>
      expect(await keysOf(portal, 'tag:street')).toEqual(['component:default/zebra-crossing']),
    );
    expect(await keysOf(portal, 'tag:road')).toEqual([]);
    expect(await keysOf(portal, 'stripes')).toEqual([]);

    await portal.remove('b');
    await eventually(async () => expect(await keysOf(portal, 'zebra')).toEqual([]));
    await portal.stop();
  });

  test('what is of one’s own team stands first, also after one has moved to another', async () => {
    const person = (team: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: local-administrator }\nspec: { memberOf: [${team}] }\n`;
    const files = {
      'a/catalog-info.yaml': component('parcel-one'),
      'b/catalog-info.yaml': component('parcel-two').replace('owner: team-a', 'owner: team-b'),
      'org/catalog-info.yaml': person('team-b'),
    };
    const portal = await searchPortal({ place: await place(), files });
    const [one, two] = ['component:default/parcel-one', 'component:default/parcel-two'];
    expect(await keysOf(portal, 'parcel kind:component')).toEqual([two, one]);
    await portal.write({ 'org/catalog-info.yaml': person('team-a') });
    await eventually(async () => expect(await keysOf(portal, 'parcel kind:component')).toEqual([one, two]));
    await portal.stop();
  });

  test('what a team is called is found with everything it owns, also after it is renamed', async () => {
    const group = (title: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: team-a, title: ${title} }\nspec: { type: team, children: [] }\n`;
    const files = { 'a/catalog-info.yaml': component('petstore'), 'org/catalog-info.yaml': group('Wombats') };
    const portal = await searchPortal({ place: await place(), files });
    expect(await keysOf(portal, 'wombats kind:component')).toEqual(['component:default/petstore']);
    await portal.write({ 'org/catalog-info.yaml': group('Quokkas') });
    await eventually(async () =>
      expect(await keysOf(portal, 'quokkas kind:component')).toEqual(['component:default/petstore']),
    );
    await portal.stop();
  });

  test('POST /rebuild builds anew, GET /status tells how it is', async () => {
    const portal = await searchPortal({
      place: await place(),
      files: { 'a/catalog-info.yaml': component('petstore') },
    });
    const { builtAt } = (await portal.get('/api/search/status')).body;
    expect((await portal.send('POST', '/api/search/rebuild')).status).toBe(202);
    await eventually(async () => expect((await portal.get('/api/search/status')).body.builtAt).not.toBe(builtAt));
    await indexed(portal);
    expect((await portal.get('/api/search/status')).body).toMatchObject({
      behind: 0,
      documents: { 'software-catalog': expect.any(Number), 'api-operations': 0 },
    });
    expect((await query(portal, 'petstore')).numberOfResults).toBe(1);
    await portal.stop();
  });
});
