import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ApiEntity,
  type ApiEvent,
  countEntities,
  eventually,
  getEntities,
  getEvents,
  getFacet,
  getSources,
  untilRead,
} from './support/api.ts';
import { createPostgresSchema } from './support/database.ts';
import { temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal } from './support/portal.ts';

/** What a test leaves behind, removed in the opposite order. */
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const kills = 20;
const components = 1_200;
const teams = 7;
const roundKey = 'example.org/round';

/** In every round each component gets another owner, another tag and other dependencies: body, terms and relations change together. */
const ownerIn = (index: number, round: number) => `team-${(index + round) % teams}`;
const dependencyIn = (index: number, round: number) => (index + 1 + round) % components;
/** Some are there in every second round only. */
const existsIn = (index: number, round: number) => index % 50 !== 7 || round % 2 === 0;

const descriptor = (index: number, round: number) =>
  [
    'apiVersion: backstage.io/v1alpha1',
    'kind: Component',
    'metadata:',
    `  name: part-${index}`,
    '  annotations:',
    `    ${roundKey}: "${round}"`,
    `  tags: [round-${round}, always]`,
    'spec:',
    '  type: service',
    '  lifecycle: production',
    `  owner: ${ownerIn(index, round)}`,
    `  dependsOn: [component:part-${dependencyIn(index, round)}]`,
    '',
  ].join('\n');

const team = (index: number) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team-${index}\nspec:\n  type: team\n  children: []\n`;

async function writeRound(folder: string, round: number): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const files: Record<string, string> = {};
  for (let index = 0; index < teams; index += 1) files[`team-${index}.yaml`] = team(index);
  for (let index = 0; index < components; index += 1)
    if (existsIn(index, round)) files[`part-${index}.yaml`] = descriptor(index, round);
  await writeFiles(folder, files);
}

const refOf = (entity: ApiEntity) => `${entity.kind.toLowerCase()}:default/${entity.metadata.name}`;
const roundOf = (entity: ApiEntity) => Number(entity.metadata.annotations[roundKey]);
const relationsOf = (entity: ApiEntity, type: string) =>
  entity.relations.filter((relation) => relation.type === type).map((relation) => relation.targetRef);

/** Everything that is served belongs together: each component is what its file said in one round, with the relations and terms of that round. */
async function expectWhole(url: string, entities: ApiEntity[]): Promise<Map<string, number>> {
  const parts = entities.filter((entity) => entity.kind === 'Component');
  const rounds = new Map<string, number>();
  const wrong: unknown[] = [];
  const owned = new Map<string, number>();
  for (const entity of parts) {
    const index = Number(entity.metadata.name.slice('part-'.length));
    const round = roundOf(entity);
    rounds.set(refOf(entity), round);
    const owner = ownerIn(index, round);
    owned.set(owner, (owned.get(owner) ?? 0) + 1);
    const found = [
      entity.spec['owner'],
      entity.spec['dependsOn'],
      relationsOf(entity, 'ownedBy'),
      relationsOf(entity, 'dependsOn'),
    ];
    const dependency = `part-${dependencyIn(index, round)}`;
    const expected = [
      owner,
      [`component:${dependency}`],
      [`group:default/${owner}`],
      [`component:default/${dependency}`],
    ];
    if (JSON.stringify(found) !== JSON.stringify(expected))
      wrong.push({ name: entity.metadata.name, round, found, expected });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  // The other ends of the relations, and the terms that filters and facets read.
  for (const group of entities.filter((entity) => entity.kind === 'Group'))
    expect(relationsOf(group, 'ownerOf').length, group.metadata.name).toBe(owned.get(group.metadata.name) ?? 0);
  expect(await countEntities(url)).toBe(entities.length);
  const byRound = new Map<string, number>();
  for (const round of rounds.values()) byRound.set(String(round), (byRound.get(String(round)) ?? 0) + 1);
  expect(await getFacet(url, `metadata.annotations.${roundKey}`)).toEqual(byRound);
  expect(await getFacet(url, 'metadata.tags')).toEqual(
    new Map([
      ...[...byRound].map(([round, count]): [string, number] => [`round-${round}`, count]),
      ...(parts.length ? [['always', parts.length] as const] : []),
    ]),
  );
  return rounds;
}

describe.each(['sqlite', 'postgres'] as const)('kill -9 in the middle of an ingest on %s', (dialect) => {
  const database = async () => {
    if (dialect === 'sqlite') return {};
    const schema = await createPostgresSchema();
    cleanUp.push(() => schema.remove());
    return { databaseUrl: schema.url };
  };

  test(
    `${kills} times: nothing acknowledged is lost, nothing half-written is served`,
    { timeout: 240_000 },
    async () => {
      const { folder, remove } = await temporaryFolder();
      cleanUp.push(remove);
      const directory = await mkdtemp(join(tmpdir(), 'callboard-e2e-data-'));
      cleanUp.push(() => rm(directory, { recursive: true, force: true }));
      const root = join(folder, 'root');
      const away = join(folder, 'away');
      const config = join(folder, 'callboard.yaml');
      await writeFile(
        config,
        `catalog:\n  locations:\n    - type: file\n      target: ${root}\n      pattern: '*.yaml'\n  limits:\n    shrinkShare: 1\n`,
      );
      const options = { ...(await database()), directory, args: ['--config', config] };

      // The whole story so far, and what the killed portal has shown beyond it.
      const events: ApiEvent[] = [];
      const seen = { events: [] as ApiEvent[], renewed: 0 };
      const newEvents = (url: string) => getEvents(url, events.at(-1)?.id ?? 0);
      let partial = 0;
      for (let round = 1; round <= kills; round += 1) {
        await writeRound(away, round);
        // The source is away while the portal starts: it serves exactly what the kill has left.
        const portal = await startPortal(options);
        cleanUp.push(() => portal.kill());
        const entities = await getEntities(portal.url);
        const rounds = await expectWhole(portal.url, entities);
        const fresh = await newEvents(portal.url);
        expect(fresh.slice(0, seen.events.length)).toEqual(seen.events);
        events.push(...fresh);
        expectSameStory(events, rounds);
        const renewed = [...rounds.values()].filter((value) => value === round - 1).length;
        expect(renewed).toBeGreaterThanOrEqual(seen.renewed);
        if (renewed > 0 && renewed < components - components / 50) partial += 1;

        await rename(away, root);
        const [source] = await getSources(portal.url);
        const asked = await fetch(`${portal.url}/api/catalog/sources/${source!.id}/refresh`, { method: 'POST' });
        expect(asked.ok, await asked.text()).toBe(true);
        // Some die before anything can be seen, most when a part is there.
        if (round % 5 !== 0)
          await eventually(
            () => newEvents(portal.url),
            (found) => found.length > 0,
          );
        await pause((round * 89) % 250);
        seen.renewed = (await getFacet(portal.url, `metadata.annotations.${roundKey}`)).get(String(round)) ?? 0;
        seen.events = await newEvents(portal.url);
        await portal.kill();
        await rename(root, away);
      }
      expect(partial).toBeGreaterThanOrEqual(5);

      await rename(away, root);
      const since = Date.now();
      const portal = await startPortal(options);
      cleanUp.push(() => portal.kill());
      const [source] = await untilRead(portal.url, since);
      expect(source).toMatchObject({ state: 'ok' });
      const entities = await getEntities(portal.url);
      const rounds = await expectWhole(portal.url, entities);
      const present = Array.from({ length: components }, (_, index) => index).filter((index) => existsIn(index, kills));
      expect(rounds).toEqual(new Map(present.map((index) => [`component:default/part-${index}`, kills])));
      const story = await getEvents(portal.url, 0);
      expect(story.slice(0, events.length + seen.events.length)).toEqual([...events, ...seen.events]);
      expectSameStory(story, rounds);
      expect(new Set(story.map(({ id }) => id)).size).toBe(story.length);
      await portal.stop();
      if (dialect === 'sqlite') await expectIntact(join(directory, 'callboard.db'));
    },
  );
});

/** The change feed and the catalog tell the same story: what came last about a component is true. */
function expectSameStory(events: ApiEvent[], rounds: Map<string, number>): void {
  const present = new Set<string>();
  for (const { type, subject } of events) {
    if (!subject.startsWith('component:')) continue;
    if (type === 'catalog.entity.deleted') present.delete(subject);
    else present.add(subject);
  }
  expect(present).toEqual(new Set(rounds.keys()));
}

async function expectIntact(file: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const opened = new DatabaseSync(file);
  try {
    expect(opened.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  } finally {
    opened.close();
  }
}
