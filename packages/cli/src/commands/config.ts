import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import type { ConfigEntry, ConfigOrigin } from '@callboard/server/config';
import { addServerOptions, loadConfiguration, type ServerOptions } from '../server-options.ts';
import { count, paint, shownPath, UsageError, type Outcome, type Terminal } from '../terminal.ts';

type Options = ServerOptions & { json?: boolean };

/** `callboard config explain|check` */
export function configCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const config = program
    .command('config')
    .description('show or check the configuration')
    .addHelpText('after', '\nExamples:\n  callboard config check\n  callboard config explain server\n');

  addServerOptions(config.command('explain [key]'))
    .description('list every key with its value, where the value comes from, and what the key means')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  callboard config explain                   every key\n  callboard config explain server.port       one key\n  callboard config explain database --json   a group, for a program\n\nPasswords and other secrets are never shown.\n',
    )
    .action(async (key: string | undefined, options: Options) => {
      const entries = selectEntries((await loadConfiguration(options, terminal)).explain(), key);
      terminal.stdout.write(options.json ? `${JSON.stringify(entries, null, 2)}\n` : explainText(entries, terminal));
    });

  addServerOptions(config.command('check'))
    .description('check the configuration without starting the portal')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  callboard config check\n  callboard config check --config app-config.yaml   also lists the keys that have no effect\n\nExit code: 0 valid, 1 not valid.\n',
    )
    .action(async (options: Options) => {
      outcome.exitCode = options.json ? await checkAsJson(options, terminal) : await checkAsText(options, terminal);
    });
}

function selectEntries(entries: ConfigEntry[], key: string | undefined): ConfigEntry[] {
  if (key === undefined) return entries;
  const selected = entries.filter((entry) => entry.key === key || entry.key.startsWith(`${key}.`));
  if (selected.length > 0) return selected;
  const groups = [...new Set(entries.map((entry) => entry.key.split('.')[0]))];
  const wanted = key.toLowerCase();
  const where = (test: (key: string) => boolean) =>
    entries.map((entry) => entry.key).filter((name) => test(name.toLowerCase()));
  const exact = where((name) => name.split('.').includes(wanted));
  const near = exact.length > 0 ? exact : where((name) => name.includes(wanted));
  throw new UsageError(
    `there is no configuration key "${key}"`,
    near.length > 0
      ? `Did you mean ${near.slice(0, 3).join(' or ')}?`
      : `callboard config explain lists all keys. They start with: ${groups.join(', ')}.`,
  );
}

function explainText(entries: ConfigEntry[], terminal: Terminal): string {
  const { stdout } = terminal;
  const shown = (value: unknown) =>
    value === undefined ? 'not set' : typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return entries
    .map((entry) => {
      const fallback =
        isDeepStrictEqual(entry.value, entry.default) || entry.default === undefined
          ? ''
          : `; default ${shown(entry.default)}`;
      return [
        `${paint(stdout, 'bold', entry.key)} = ${shown(entry.value)}`,
        `    ${entry.description}`,
        paint(
          stdout,
          'dim',
          `    ${originText(entry.origin, terminal)}; ${entry.type}${fallback}; read by ${entry.owner}`,
        ),
        '',
      ].join('\n');
    })
    .join('\n');
}

function originText(origin: 'default' | ConfigOrigin, terminal: Terminal): string {
  if (origin === 'default') return 'default';
  if (origin.source) return origin.source;
  return `${shownPath(origin.file ?? '', terminal.directory)}:${origin.line}`;
}

async function checkAsText(options: Options, terminal: Terminal): Promise<number> {
  const { file, unusedKeys } = await loadConfiguration(options, terminal);
  const name = file && shownPath(file, terminal.directory);
  terminal.stdout.write(name ? `${name} is valid.\n` : 'There is no configuration file; every key has its default.\n');
  const parts = [
    [unusedKeys.filter((key) => !key.byPlugins), ['key has', 'keys have'], 'no effect'],
    [unusedKeys.filter((key) => key.byPlugins), ['key is', 'keys are'], 'read by plugins'],
  ] as const;
  for (const [keys, [one, many], what] of parts) {
    if (keys.length === 0) continue;
    terminal.stdout.write(`\n${count(keys.length, one, many)} ${what}:\n`);
    for (const { key, file: at, line, reason } of keys) {
      terminal.stdout.write(
        `  ${shownPath(at, terminal.directory)}:${line}  ${paint(terminal.stdout, 'bold', key)} ${reason}\n`,
      );
    }
  }
  return 0;
}

async function checkAsJson(options: Options, terminal: Terminal): Promise<number> {
  const print = (result: unknown) => void terminal.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  try {
    const { file, unusedKeys } = await loadConfiguration(options, terminal);
    print({ valid: true, file, faults: [], unusedKeys });
    return 0;
  } catch (error) {
    const { faults, message, fix } = error as { faults?: unknown[]; message: string; fix?: string };
    if (fix === undefined) throw error;
    print({ valid: false, faults: faults ?? [{ message, fix }], unusedKeys: [] });
    return 1;
  }
}
