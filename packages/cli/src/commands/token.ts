import type { Command } from 'commander';
import { addServerOptions, type ServerOptions } from '../server-options.ts';
import { count, type Terminal, UsageError } from '../terminal.ts';
import { atDesk } from './user.ts';

const collect = (value: string, before: string[] = []) => [...before, value];

/** `callboard token …` */
export function tokenCommand(program: Command, terminal: Terminal): void {
  const say = (text: string) => void terminal.stdout.write(text);
  const token = program
    .command('token')
    .description('tokens by which programs use the API')
    .addHelpText(
      'after',
      `
Examples:
  callboard token add ci --grant 'catalog.*' --days 90    prints the token, this once
  callboard token list
  callboard token revoke dJ3kX0pQ

These work on the database itself. With the embedded one stop the portal first, or use Admin → Tokens. People make their own in Settings.
`,
    );
  const command = (name: string, description: string) => addServerOptions(token.command(name)).description(description);

  command('add <program>', 'make a token for a program, which acts as external:<program>')
    .requiredOption('--grant <permission>', 'a permission, with * for any part; may be repeated', collect)
    .option('--title <title>', 'what it is for')
    .option('--days <number>', 'how long it works; for good when absent')
    .action((subject: string, options: ServerOptions & { grant: string[]; title?: string; days?: string }) => {
      if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(subject))
        throw new UsageError(
          `'${subject}' is no name of a program`,
          'Take lower-case letters, digits, dots and dashes.',
        );
      const days = options.days === undefined ? undefined : Number(options.days);
      if (days !== undefined && !(Number.isInteger(days) && days > 0 && days <= 3650))
        throw new UsageError(`--days ${options.days} is no number of days`, 'Take a whole number from 1 to 3650.');
      return atDesk(options, terminal, async (desk) =>
        say(`${await desk.addToken({ subject, title: options.title ?? subject, days, grants: options.grant })}\n`),
      );
    });
  command('list', 'all tokens, without what opens doors')
    .option('--json', 'print JSON')
    .action((options: ServerOptions & { json?: boolean }) =>
      atDesk(options, terminal, async (desk) => {
        const tokens = await desk.tokens();
        if (options.json) return say(`${JSON.stringify(tokens, null, 2)}\n`);
        for (const each of tokens)
          say(
            `${each.id}  ${each.entityRef}  ${each.title}  ${each.expiresAt ? `until ${each.expiresAt}` : 'for good'}  ${each.usedAt ? `used ${each.usedAt}` : 'never used'}\n`,
          );
        say(`${count(tokens.length, 'token')}\n`);
      }),
    );
  command('revoke <id>', 'revoke a token').action((id: string, options: ServerOptions) =>
    atDesk(options, terminal, async (desk) => {
      if (!(await desk.revokeToken(id)))
        throw new UsageError(`there is no token ${id}`, 'callboard token list shows their ids.');
      say(`Revoked ${id}\n`);
    }),
  );
}
