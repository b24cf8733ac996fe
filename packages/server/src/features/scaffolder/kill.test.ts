import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { forEachDatabase } from '../../testing/databases.ts';
import { eventually } from '../../testing/portal.ts';
import { runClient, templateFile } from './testing/client.ts';

const script = fileURLToPath(new URL('./testing/kill-portal.ts', import.meta.url));
const steps = 10;
const cleanUp: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const names = Array.from({ length: steps }, (_, index) => `step-${index + 1}`);
const template = templateFile(
  'ten',
  `steps:\n${names.map((name) => `  - { id: ${name}, action: test:record, input: { name: ${name} } }`).join('\n')}`,
);

forEachDatabase((_dialect, databases) => {
  test(
    'a run goes on where it was when the portal is killed in every step, and does nothing twice',
    { timeout: 120_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'callboard-kill-'));
      cleanUp.push(() => rm(folder, { recursive: true }));
      await mkdir(join(folder, 'templates'));
      await writeFile(join(folder, 'templates/catalog-info.yaml'), template);
      const place = await databases.place();

      /** The world outside: it does what it is asked for, once per key, and its first caller of each step does not live to hear of it. */
      const calls: string[] = [];
      const things = new Map<string, string>();
      let kill = (): void => undefined;
      const world = createServer((request, response) => {
        const name = request.url!.slice(1);
        calls.push(name);
        things.set(String(request.headers['idempotency-key']), name);
        if (calls.filter((each) => each === name).length === 1) kill();
        else response.end();
      });
      world.listen(0, '127.0.0.1');
      await once(world, 'listening');
      cleanUp.push(async () => {
        world.closeAllConnections();
        world.close();
      });

      const options = JSON.stringify({
        place,
        folder: join(folder, 'templates'),
        dataDirectory: join(folder, 'data'),
        world: `http://127.0.0.1:${(world.address() as AddressInfo).port}`,
      });
      const start = async () => {
        const child = spawn(process.execPath, [script, options], { stdio: ['ignore', 'pipe', 'inherit'] });
        cleanUp.push(async () => child.kill('SIGKILL'));
        kill = () => child.kill('SIGKILL');
        const gone = once(child, 'exit');
        const said = (await Promise.race([once(child.stdout, 'data'), gone])) as [Buffer | number];
        return { client: runClient(String(said[0]).trim()), gone };
      };

      let { client, gone } = await start();
      // The template is there when the catalog has been read.
      const id = await eventually(() => client.begin('ten'));
      for (let kills = 0; kills < steps; kills += 1) {
        await gone;
        ({ client, gone } = await start());
      }
      const events = await client.ended(id);
      const task = await client.task(id);
      expect(task.status).toBe('completed');
      expect(task.steps!.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(
        names.map(() => 'completed 2'),
      );
      // Every effect is there once: the killed call and the one that was repeated have the same key.
      expect([...things.values()]).toEqual(names);
      expect(calls).toEqual(names.flatMap((name) => [name, name]));
      // What a step had begun to write before it was killed is taken back before it is run again.
      expect(await readFile(join(folder, 'data/scaffolder/workspaces', id, 'steps.txt'), 'utf8')).toBe(
        names.map((name) => `${name}\n`).join(''),
      );
      expect(events.filter(({ type }) => type === 'recovered')).toHaveLength(steps);
      expect(events.filter(({ type }) => type === 'completion')).toHaveLength(1);
    },
  );
});
