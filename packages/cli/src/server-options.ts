import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ConfigFlags, LoadedConfig } from '@callboard/server/config';
import type { Terminal } from './terminal.ts';

/** The flags that override the configuration, as commander returns them. */
export type ServerOptions = { port?: string; host?: string; data?: string; config?: string; databaseUrl?: string };

/** Adds the flags that `start`, `doctor` and `config` share. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port to listen on; 0 takes a free one (CALLBOARD_PORT, default 7007)')
    .option('--host <address>', 'network interface to listen on (CALLBOARD_HOST, default 127.0.0.1)')
    .option('--data <directory>', 'folder for the embedded database and caches (CALLBOARD_DATA, default .callboard)')
    .option(
      '--config <file>',
      'callboard.yaml or app-config.yaml to read (CALLBOARD_CONFIG, default callboard.yaml if there is one)',
    )
    .option(
      '--database-url <url>',
      'PostgreSQL instead of the embedded database (CALLBOARD_DATABASE_URL, which hides the password)',
    );
}

/** The same flags as the server takes them. */
export function configFlags(options: ServerOptions): ConfigFlags {
  const { port, host, data, databaseUrl } = options;
  return { port, host, data, databaseUrl };
}

/** The configuration file that was asked for. */
export function configFile(options: ServerOptions, terminal: Terminal): string | undefined {
  return options.config === undefined ? undefined : resolve(terminal.directory, options.config);
}

/**
 * Reads the configuration as the portal would, with the keys of every feature.
 *
 * @throws ConfigError with the faults of its keys, or the AppError of a feature that would not start with it
 */
export async function loadConfiguration(options: ServerOptions, terminal: Terminal): Promise<LoadedConfig> {
  const [{ loadConfig }, { configSections }, { assertStartable }] = await Promise.all([
    import('@callboard/server/config'),
    import('@callboard/server'),
    import('@callboard/server/diagnose'),
  ]);
  const file = configFile(options, terminal);
  const config = loadConfig({ file, flags: configFlags(options), env: terminal.env, sections: configSections });
  await assertStartable(config.values, config.placeOf);
  return config;
}

type DeskOptions = { file: string | undefined; flags: ConfigFlags; env: Terminal['env']; workingDirectory: string };

/** Opens the database for one piece of work, and closes it whatever comes of it. */
export async function withDesk<D extends { close(): Promise<void> }, R>(
  open: (options: DeskOptions) => Promise<D>,
  options: ServerOptions,
  terminal: Terminal,
  work: (desk: D) => Promise<R>,
): Promise<R> {
  const desk = await open({
    file: configFile(options, terminal),
    flags: configFlags(options),
    env: terminal.env,
    workingDirectory: terminal.directory,
  });
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}
