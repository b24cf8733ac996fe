import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PolicyDesk } from '@callboard/server/policies';
import type { Command } from 'commander';
import { addServerOptions, type ServerOptions, withDesk } from '../server-options.ts';
import { count, type Outcome, type Terminal, UsageError } from '../terminal.ts';

type ExplainOptions = ServerOptions & { permission: string; entity?: string; claim?: string[]; json?: boolean };

const collect = (value: string, before: string[] = []) => [...before, value];

const atDesk = <R>(options: ServerOptions, terminal: Terminal, work: (desk: PolicyDesk) => Promise<R>): Promise<R> =>
  withDesk(
    async (given) => (await import('@callboard/server/policies')).openPolicyDesk(given),
    options,
    terminal,
    work,
  );

/** `callboard access …` */
export function accessCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const say = (text: string) => void terminal.stdout.write(text);
  const access = program
    .command('access')
    .description('who may do what, and why')
    .addHelpText(
      'after',
      `
Examples:
  callboard access explain user:default/jane --entity component:default/shop
  callboard access explain user:default/jane --permission catalog.location.create
  callboard access test policy-tests.yaml      fails when an expectation does not hold
  callboard access verify                      is the audit what was written?

These read the configuration and the database. With the embedded one stop the portal first, or use Admin → Explain.
`,
    );
  const command = (name: string, description: string) =>
    addServerOptions(access.command(name)).description(description);

  command('explain <principal>', 'why somebody may do something, or may not')
    .option('--permission <name>', 'what they would do', 'catalog.entity.read')
    .option('--entity <ref>', 'to which entity; in general when absent')
    .option('--claim <group>', 'a group as a provider names it, instead of what it said last; may be repeated', collect)
    .option('--json', 'print JSON')
    .action((principal: string, options: ExplainOptions) =>
      atDesk(options, terminal, async (desk) => {
        const answer = await desk.explain({
          principal,
          permission: options.permission,
          ...(options.claim && { claims: options.claim }),
          ...(options.entity !== undefined && { entityRef: options.entity.toLowerCase() }),
        });
        if (options.json) return say(`${JSON.stringify(answer, null, 2)}\n`);
        say(`${answer.result}: ${answer.reason}\n`);
        if (!answer.known) say('Nobody is known by this name: it is the answer for whoever will sign in so.\n');
      }),
    );
  command('test <file>', 'run policy tests: a list of { principal, permission, entity, expect }')
    .option('--json', 'print JSON')
    .action(async (file: string, options: ServerOptions & { json?: boolean }) => {
      const text = await readFile(resolve(terminal.directory, file), 'utf8').catch(() => {
        throw new UsageError(`${file} cannot be read`, 'Name a YAML file with policy tests.');
      });
      await atDesk(options, terminal, async (desk) => {
        const results = await desk.test(text);
        const failed = results.filter(({ passed }) => !passed);
        if (failed.length > 0) outcome.exitCode = 1;
        if (options.json) return say(`${JSON.stringify(results, null, 2)}\n`);
        for (const { test, answer } of failed)
          say(`✗ ${test.name}: expected ${test.expect}, is ${answer.result}\n    ${answer.reason}\n`);
        say(`${count(results.length - failed.length, 'test')} passed, ${failed.length} failed\n`);
      });
    });
  command('verify', 'whether the audit is what was written').action((options: ServerOptions) =>
    atDesk(options, terminal, async (desk) => {
      const found = await desk.verify();
      if (!found.intact) outcome.exitCode = 1;
      say(
        found.intact
          ? `${count(found.entries, 'entry', 'entries')}, intact. The newest hash is ${found.head || 'none yet'}\n`
          : `Entry ${found.broken?.id}: ${found.broken?.reason}\n`,
      );
    }),
  );
}
