import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually } from '../../testing/portal.ts';
import { type Action, fields, text } from './actions/action.ts';
import { runClient, templateFile } from './testing/client.ts';
import { startReplica } from './testing/replica.ts';

const template = templateFile(
  'many',
  `steps:\n${[1, 2, 3].map((step) => `  - { id: s${step}, action: test:effect, input: { name: '${step}' } }`).join('\n')}`,
);

forEachDatabase((dialect, databases) => {
  const effects: { run: string; name: string; replica: number }[] = [];
  const replicas: Awaited<ReturnType<typeof startReplica>>[] = [];
  let folder: string;
  /** holds steps until it is let go */
  let gate: Promise<void> = Promise.resolve();

  const effectOf = (replica: number): Action => ({
    id: 'test:effect',
    description: 'Is seen outside, and leaves something in the workspace.',
    supportsDryRun: false,
    schema: { input: fields({ name: text('Its name') }, ['name']) },
    async run({ input, runId, workspace, signal }) {
      effects.push({ run: runId, name: input.name as string, replica });
      await appendFile(workspace.resolve('names.txt'), `${input.name as string}\n`);
      await Promise.race([
        gate,
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
      ]);
    },
  });
  const start = async (replica: number, place: { url?: string; directory?: string }) => {
    const started = await startReplica({
      place,
      folder: join(folder, 'templates'),
      dataDirectory: join(folder, `data-${replica}`),
      actions: [effectOf(replica)],
    });
    replicas.push(started);
    return started;
  };
  let place: { url?: string; directory?: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-replicas-'));
    await mkdir(join(folder, 'templates'));
    await writeFile(join(folder, 'templates/catalog-info.yaml'), template);
    place = await databases.place();
    await start(1, place);
    if (dialect === 'postgres') await start(2, place);
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.stop();
    await rm(folder, { recursive: true });
  });

  test('a hundred runs at once end well, and no step of them runs twice', { timeout: 180_000 }, async () => {
    const clients = replicas.map(({ url }) => runClient(url));
    await eventually(async () => void (await clients[0]!.begin('many')));
    const ids = await Promise.all(
      Array.from({ length: 99 }, (_, index) => clients[index % clients.length]!.begin('many')),
    );
    const other = clients.at(-1)!;
    await eventually(async () => {
      const { totalTasks } = (await other.get('/tasks?status=completed&limit=0')).body;
      expect(totalTasks).toBe(100);
    }, 150_000);
    const seen = effects.map(({ run, name }) => `${run} ${name}`);
    expect([seen.length, new Set(seen).size]).toEqual([300, 300]);
    // Within a run one step comes after the other.
    for (const id of ids.slice(0, 10))
      expect(effects.filter(({ run }) => run === id).map(({ name }) => name)).toEqual(['1', '2', '3']);
    if (dialect === 'postgres') expect(new Set(effects.map(({ replica }) => replica))).toEqual(new Set([1, 2]));
  });

  test(
    'a run goes on when its portal stops: here after the start, with several replicas at another one',
    { timeout: 120_000 },
    async () => {
      const hold = Promise.withResolvers<void>();
      effects.length = 0;
      const client = runClient(replicas[0]!.url);
      gate = hold.promise;
      const id = await client.begin('many');
      await eventually(async () => expect(effects).toHaveLength(1));
      const { replica } = effects[0]!;
      await replicas[replica - 1]!.stop();
      hold.resolve();
      const left = dialect === 'postgres' ? replicas[2 - replica]! : await start(1, place);
      replicas.splice(0, replicas.length, left);
      const survivor = runClient(left.url);
      await survivor.ended(id);
      const task = await survivor.task(id);
      expect(task.steps!.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual([
        'completed 2',
        'completed 1',
        'completed 1',
      ]);
      const at = dialect === 'postgres' ? 3 - replica : 1;
      expect(await readFile(join(folder, `data-${at}/scaffolder/workspaces`, id, 'names.txt'), 'utf8')).toBe(
        '1\n2\n3\n',
      );
    },
  );
});
