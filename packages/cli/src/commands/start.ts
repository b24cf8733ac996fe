import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Portal } from '@callboard/server';
import { withProgress } from '../progress.ts';
import { addServerOptions, configFile, configFlags, type ServerOptions } from '../server-options.ts';
import { count, paint, shownPath, type Outcome, type Terminal, UsageError } from '../terminal.ts';
import { unusedWords } from '../unused-keys.ts';
import { callboardVersion } from './version.ts';

type Options = ServerOptions & { example: boolean };

/** `callboard start` */
export function startCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const command = addServerOptions(program.command('start [sources...]'))
    .description(
      'start the portal; with paths, addresses of descriptors or Git repositories to read, else what the configuration names, else the example company',
    )
    .option('--no-example', 'start empty instead of with the example company (CALLBOARD_NO_EXAMPLE=1)')
    .addHelpText(
      'after',
      `
Examples:
  callboard start                                          the example company, on http://localhost:7007
  callboard start ./services https://git.example.com/a.git your own folders and repositories
  callboard start --config callboard.yaml --port 8080
  callboard start --database-url postgres://callboard@db.example.com/callboard

Flags win over environment variables, those over the configuration file. Ctrl-C stops; a second one stops at once.
`,
    );
  command.action(async (sources: string[], options: Options) => {
    for (const source of sources) assertReadable(source, terminal);
    const example = command.getOptionValueSource('example') === 'cli' ? options.example : undefined;
    const flags = {
      ...configFlags(options),
      example,
      targets: sources.length > 0 ? sources : undefined,
      terminal: terminal.stderr.isTTY,
    };
    const signals = listenForSignals(terminal);
    const { startPortal } = await import('@callboard/server');
    const portal = await withProgress(
      terminal,
      () => 'Starting…',
      startPortal({ configFile: configFile(options, terminal), flags, env: terminal.env }),
    );
    if (!signals.stopping()) {
      announce(portal, terminal);
      void reportFirstReading(portal, terminal, signals.stopping);
    }
    await signals.requested;
    await portal.stop();
    terminal.stdout.write('Stopped.\n');
    outcome.exitCode = 0;
  });
}

/** A mistyped path is told now, not after the start as a source that cannot be read. */
function assertReadable(source: string, terminal: Terminal): void {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(source) || /^[^/\s@]+@[^:/\s]+:/.test(source);
  if (isAddress || /[*?{[]/.test(source) || existsSync(resolve(terminal.directory, source))) return;
  throw new UsageError(
    `there is no file or folder ${source}`,
    'Give paths that exist, globs in quotes, addresses that start with https://, or Git repositories.',
  );
}

/** The first SIGINT or SIGTERM asks for a graceful stop, the second ends the process at once. */
function listenForSignals(terminal: Terminal): { requested: Promise<void>; stopping: () => boolean } {
  const requested = Promise.withResolvers<void>();
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    stopping = true;
    terminal.stderr.write(`${terminal.stderr.isTTY ? '\r' : ''}Stopping… Once more to stop at once.\n`);
    requested.resolve();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { requested: requested.promise, stopping: () => stopping };
}

function announce(portal: Portal, terminal: Terminal): void {
  const { stdout, directory } = terminal;
  const { config, url, locations } = portal;
  const line = (name: string, text: string) => void stdout.write(`  ${paint(stdout, 'dim', name.padEnd(9))}${text}\n`);
  stdout.write(`${paint(stdout, 'bold', 'Callboard')} ${callboardVersion()}\n`);
  line('Address', paint(stdout, ['bold', 'cyan'], url));
  if (portal.firstAdministrator !== undefined) {
    line('Sign-in', 'there is no administrator yet; whoever opens this link becomes the first, once, within a day:');
    line('', paint(stdout, 'cyan', portal.firstAdministrator));
  }
  const database = config.explain().find((entry) => entry.key === 'database.url')?.value;
  line(
    'Data',
    `${shownPath(portal.dataDirectory, directory)} (${typeof database === 'string' && database !== '' ? `and PostgreSQL at ${database}` : 'embedded database'})`,
  );
  const sources = locations.map(({ type, target }) => (type === 'file' ? shownPath(target, directory) : target));
  line(
    'Reads',
    sources[0] ?? 'nothing yet: give paths or addresses to read, or add catalog.locations to the configuration',
  );
  if (isExample(portal)) line('', 'the example; name folders, files or repositories to read your own');
  for (const source of sources.slice(1, 10)) line('', source);
  if (sources.length > 10) line('', `and ${sources.length - 10} more`);
  const note = unusedWords(config.unusedKeys);
  if (note !== undefined) {
    const option = config.file ? ` --config ${shownPath(config.file, directory)}` : '';
    line('Note', `Configuration: ${note}; callboard config check${option} lists them`);
  }
}

/** Whether nothing was named to read, so that the example company is shown. */
function isExample({ config, locations }: Portal): boolean {
  const configured = config.explain().find((entry) => entry.key === 'catalog.locations')?.value;
  const named = config.targets.length + (Array.isArray(configured) ? configured.length : 0);
  return named === 0 && locations.length > 0;
}

async function reportFirstReading(portal: Portal, terminal: Terminal, stopping: () => boolean): Promise<void> {
  const { stdout } = terminal;
  const started = performance.now();
  const entitiesSoFar = async () => `Reading… ${count((await portal.summary()).entities, 'entity', 'entities')}`;
  try {
    await withProgress(terminal, entitiesSoFar, portal.firstReading());
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const { entities, sources, problems } = await portal.summary();
    if (stopping()) return;
    stdout.write(
      `Read ${count(entities, 'entity', 'entities')} from ${count(sources.total, 'source')} in ${seconds} s.\n`,
    );
    for (const target of sources.empty.slice(0, 5)) {
      const shown = shownPath(target, terminal.directory);
      stdout.write(
        `Nothing found in ${shown}. Folders are searched for catalog-info.yaml; name other files: '${shown}/*.yaml'\n`,
      );
    }
    const found = [
      problems.errors > 0 && count(problems.errors, 'error'),
      problems.warnings > 0 && count(problems.warnings, 'warning'),
      sources.failing > 0 && `${count(sources.failing, 'source')} that could not be read`,
      sources.held > 0 &&
        `${count(sources.held, 'source')} that shrank and ${sources.held === 1 ? 'waits' : 'wait'} for a decision`,
    ].filter((part) => part !== false);
    if (found.length === 0) return;
    const pages = [
      problems.errors + problems.warnings > 0 && `${portal.url}/problems`,
      sources.failing + sources.held > 0 && `${portal.url}/admin/sources`,
    ].filter((page) => page !== false);
    stdout.write(`Problems: ${found.join(', ')}. See ${pages.join(' and ')}\n`);
  } catch (error) {
    // The portal runs on with what it has; its log and its problems page tell the details.
    if (!stopping()) terminal.stderr.write(`The first reading did not finish: ${(error as Error).message}\n`);
  }
}
