import { beforeAll, describe, expect, test } from 'vitest';
import { forEachDatabase } from '../../../testing/databases.ts';
import { eventually, type TestPortal } from '../../../testing/portal.ts';
import { keysOf, query, searchPortal } from '../testing/portal.ts';

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await searchPortal({ place: await place() });
    return () => portal.stop();
  });

  describe('GET /api/search/query', () => {
    test('answers in the form that Backstage’s clients know', async () => {
      const body = await query(portal, 'booking-db');
      const [first] = body.results;
      const { preTag, postTag } = first.highlight;
      expect(preTag).toMatch(/^<[0-9a-f-]{36}>$/);
      expect(first).toEqual({
        type: 'software-catalog',
        key: 'resource:default/booking-db',
        rank: 1,
        document: {
          title: 'Booking database',
          text: expect.stringContaining('Shared by five services'),
          location: '/catalog/default/resource/booking-db',
          kind: 'Resource',
          namespace: 'default',
          name: 'booking-db',
          entityRef: 'resource:default/booking-db',
          componentType: 'database',
          type: 'database',
          lifecycle: '',
          owner: 'booking',
          tags: ['postgresql', 'shared', 'gdpr'],
          authorization: { resourceRef: 'resource:default/booking-db' },
        },
        highlight: { preTag, postTag, fields: { title: `${preTag}Booking${postTag} database` } },
      });
      expect(body.numberOfResults).toBe(body.results.length);
    });

    test('an operation stands on the page of its definition', async () => {
      const [first] = (await query(portal, 'createQuote', '&filters[api]=api:default/reservations-api')).results;
      expect(first.document).toMatchObject({
        title: 'POST /quotes',
        entityRef: 'api:default/reservations-api',
        entityTitle: 'Reservations API',
        operationType: 'operation',
        location: '/catalog/default/api/reservations-api/definition#POST%20%2Fquotes',
      });
    });

    test('pages fit together', async () => {
      const all = await keysOf(portal, 'booking', '&pageLimit=100');
      const pages: string[] = [];
      let cursor = '';
      let previous: string | undefined;
      for (let page = 0; page < 50; page += 1) {
        const body = await query(
          portal,
          'booking',
          `&pageLimit=7${cursor && `&pageCursor=${encodeURIComponent(cursor)}`}`,
        );
        pages.push(...body.results.map((result: { key: string }) => result.key));
        expect(body.results[0].rank).toBe(page * 7 + 1);
        previous = body.previousPageCursor;
        if (!body.nextPageCursor) break;
        cursor = body.nextPageCursor;
      }
      expect(pages.slice(0, all.length)).toEqual(all);
      expect(new Set(pages).size).toBe(pages.length);
      expect(Buffer.from(previous!, 'base64').toString()).toMatch(/^\d+$/);
    });

    test('types and filters, written as clients do, and typed', async () => {
      const types = async (parameters: string) =>
        new Set((await query(portal, 'booking', `&pageLimit=100${parameters}`)).results.map((each: any) => each.type));
      expect(await types('&types[0]=api-operations')).toEqual(new Set(['api-operations']));
      expect(await types('&types[]=software-catalog')).toEqual(new Set(['software-catalog']));
      expect(await types('&types=software-catalog&types=api-operations')).toEqual(
        new Set(['software-catalog', 'api-operations']),
      );
      const kinds = async (term: string, parameters = '') =>
        new Set(
          (await query(portal, term, `&pageLimit=100${parameters}`)).results.map((each: any) => each.document.kind),
        );
      expect(await kinds('booking', '&filters[kind]=Resource')).toEqual(new Set(['Resource']));
      expect(await kinds('booking', '&filters[kind][0]=resource&filters[kind][1]=group')).toEqual(
        new Set(['Resource', 'Group']),
      );
      expect(await kinds('booking kind:resource')).toEqual(new Set(['Resource']));
      expect(await keysOf(portal, 'kind:component owner:booking type:website')).toEqual([
        'component:default/group-travel-desk',
      ]);
      expect(await keysOf(portal, '', '&filters[componentType]=bucket&filters[owner]=group:default/booking')).toEqual([
        'resource:default/ticket-archive',
      ]);
      expect(await keysOf(portal, 'booking', '&filters[nothing]=x')).toEqual([]);
    });

    test('facets count what matches, by value', async () => {
      const { facets, numberOfResults } = await query(portal, 'tag:kafka', '&facets=true');
      expect(facets.kind.reduce((sum: number, each: any) => sum + each.count, 0)).toBe(numberOfResults);
      expect(facets.types.map((each: any) => each.value).sort()).toEqual(['api-operations', 'software-catalog']);
      expect(facets.tag[0]).toEqual({ value: 'kafka', count: numberOfResults });
      expect(await query(portal, 'tag:kafka')).not.toHaveProperty('facets');
      // A system is part of a domain, which is no system.
      const { system } = (await query(portal, 'kind:system,component', '&facets=true')).facets;
      expect(system.filter(({ value }: any) => !value.startsWith('system:'))).toEqual([]);
      expect(system.length).toBeGreaterThan(5);
    });

    test('explains the place of each result', async () => {
      const [first] = (await query(portal, 'plimsoll', '&explain=true')).results;
      expect(first.explanation).toEqual({
        score: 1100,
        reasons: [
          { what: 'whole word in name', points: 100 },
          { what: 'this is its name', points: 1000 },
        ],
      });
    });

    test('says what was probably meant when nothing has the words as typed', async () => {
      expect(await query(portal, 'gagnway')).toMatchObject({ didYouMean: 'gangway' });
      expect(await query(portal, 'gangway')).not.toHaveProperty('didYouMean');
    });

    test('says when the results have some of the words only', async () => {
      // Narrowed, so that it does not count as searched in vain.
      const ask = (term: string) => query(portal, term, '&types[0]=software-catalog');
      expect(await ask('gangway zzqqxx')).toMatchObject({ isPartial: true });
      expect(await ask('zzqqxx')).toMatchObject({ results: [] });
      for (const term of ['gangway', 'zzqqxx']) expect(await ask(term)).not.toHaveProperty('isPartial');
    });

    test('refuses unknown types, cursors and parameters with the next step', async () => {
      const refusal = async (parameters: string) => (await portal.get(`/api/search/query?${parameters}`)).body.error;
      expect(await refusal('types[0]=nope')).toMatchObject({
        code: 'SEARCH_TYPE_UNKNOWN',
        message:
          "There are no documents of type 'nope'; the types are software-catalog, api-operations, techdocs, plugins",
      });
      expect(await refusal('pageCursor=abc')).toMatchObject({ code: 'SEARCH_CURSOR_INVALID' });
      expect(await refusal('pageLimit=101')).toMatchObject({ name: 'InputError' });
      expect(await refusal('colour=red')).toMatchObject({ name: 'InputError' });
    });
  });

  test('GET /suggest groups the best by kind, the group with the best first', async () => {
    const { body } = await portal.get('/api/search/suggest?term=sailings&limit=2');
    expect(body.groups[0]).toMatchObject({ group: 'component' });
    expect(body.groups[0].items[0]).toMatchObject({
      type: 'software-catalog',
      key: 'component:default/sailings',
      title: 'Sailings',
      kind: 'Component',
      detail: 'service',
      location: '/catalog/default/component/sailings',
    });
    expect(body.groups.every((group: any) => group.items.length <= 2)).toBe(true);
    expect(body.groups.map((group: any) => group.group)).toContain('api-operations');
  });

  test('what people open after a search stands higher in it from then on', async () => {
    const term = 'tag:edifact';
    const before = await keysOf(portal, term);
    const last = before.at(-1)!;
    const type = last.includes('#') ? 'api-operations' : 'software-catalog';
    for (let time = 0; time < 8; time += 1)
      expect((await portal.send('POST', '/api/search/opened', { term, type, key: last })).status).toBe(202);
    await eventually(async () => expect((await keysOf(portal, term)).indexOf(last)).toBeLessThan(before.length - 1));
    const first = (await query(portal, term, '&explain=true')).results.find((each: any) => each.key === last);
    expect(first.explanation.reasons.map((reason: any) => reason.what)).toContain('often opened');
  });

  test('what is searched in vain is recorded, without who searched it', async () => {
    for (let time = 0; time < 3; time += 1) await query(portal, 'Zeppelin  hangar  qqq');
    const { body } = await portal.get('/api/search/misses');
    expect(body.items).toEqual([
      { term: 'zeppelin hangar qqq', count: 3, firstAt: expect.any(String), lastAt: expect.any(String) },
    ]);
  });

  test('only punctuation finds nothing, an empty search shows everything', async () => {
    expect(await keysOf(portal, '?!')).toEqual([]);
    const { numberOfResults } = await query(portal, '');
    expect(numberOfResults).toBeGreaterThan(400);
  });
});
