import type { UserItem } from '@callboard/model/http';
import type { UserDesk } from '@callboard/server/users';
import type { Command } from 'commander';
import { addServerOptions, type ServerOptions, withDesk } from '../server-options.ts';
import { count, type Terminal, UsageError } from '../terminal.ts';

export const atDesk = <R>(
  options: ServerOptions,
  terminal: Terminal,
  work: (desk: UserDesk) => Promise<R>,
): Promise<R> =>
  withDesk(async (given) => (await import('@callboard/server/users')).openUserDesk(given), options, terminal, work);

const marks = (user: UserItem) =>
  [
    user.administrator && 'administrator',
    user.disabled && 'switched off',
    user.locked && 'locked',
    user.origin !== 'local' && `by ${user.origin}`,
    user.origin === 'local' && !user.hasPassword && 'no password yet',
  ].filter((mark) => mark !== false);

const userLine = (user: UserItem) =>
  `${[user.entityRef, user.title, user.email, marks(user).join(', ')].filter(Boolean).join('  ')}\n`;

/** `callboard user …` */
export function userCommand(program: Command, terminal: Terminal): void {
  const say = (text: string) => void terminal.stdout.write(text);
  const user = program
    .command('user')
    .description('people who sign in with a password of the portal')
    .addHelpText(
      'after',
      `
Examples:
  callboard user add jane --administrator    prints a link by which jane chooses a password
  callboard user reset jane                  lifts locks, and prints a link for a new password
  callboard user list

These work on the database itself. With the embedded one stop the portal first, or use Admin → Users.
`,
    );
  const command = (name: string, description: string) => addServerOptions(user.command(name)).description(description);

  command('add <name>', 'add a user; prints a link by which they choose a password')
    .option('--title <title>', 'the name that is shown')
    .option('--email <address>', 'e-mail address')
    .option('--administrator', 'may do everything')
    .action((name: string, options: ServerOptions & { title?: string; email?: string; administrator?: boolean }) => {
      if (!/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/.test(name))
        throw new UsageError(`'${name}' is no name of a user`, 'Take lower-case letters, digits, dots and dashes.');
      const { title, email, administrator = false } = options;
      return atDesk(options, terminal, async (desk) => {
        const link = await desk.add({ name, title, email, administrator });
        say(`Added user:default/${name}. For a day this link lets them choose a password, once:\n  ${link}\n`);
      });
    });
  command('list', 'everybody who may sign in or has')
    .option('--json', 'print JSON')
    .action((options: ServerOptions & { json?: boolean }) =>
      atDesk(options, terminal, async (desk) => {
        const users = await desk.users();
        if (options.json) return say(`${JSON.stringify(users, null, 2)}\n`);
        say(users.map(userLine).join('') + `${count(users.length, 'user')}\n`);
      }),
    );
  command('reset <name>', 'lift locks, and print a link for a new password').action(
    (name: string, options: ServerOptions) =>
      atDesk(options, terminal, async (desk) => {
        say(`For a day this link lets ${name} choose a new password, once:\n  ${await desk.reset(name)}\n`);
      }),
  );
  for (const [verb, description, change] of [
    ['disable', 'switch an account off, and end its sessions', { disabled: true }],
    ['enable', 'switch an account on again', { disabled: false }],
    ['promote', 'make a user administrator', { administrator: true }],
    ['demote', 'make an administrator a usual user', { administrator: false }],
  ] as const)
    command(`${verb} <name>`, description).action((name: string, options: ServerOptions) =>
      atDesk(options, terminal, async (desk) => {
        await desk.change(name, change);
        say(`Done: ${verb} ${name}\n`);
      }),
    );
  command('remove <name>', 'remove a user with their sessions and tokens').action(
    (name: string, options: ServerOptions) =>
      atDesk(options, terminal, async (desk) => {
        await desk.remove(name);
        say(`Removed ${name}\n`);
      }),
  );
}
