import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

const readVersion = (file: string | URL): string => JSON.parse(readFileSync(file, 'utf8')).version;

/** The version of this package, which is the version of all of Callboard. */
export function callboardVersion(): string {
  return readVersion(new URL('../../package.json', import.meta.url));
}

/** `callboard version` */
export function versionCommand(program: Command, terminal: Terminal): void {
  program
    .command('version')
    .description('print the versions of Callboard, Node.js and the database libraries')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  callboard version\n  callboard version --json\n')
    .action((options: { json?: boolean }) => {
      const server = createRequire(import.meta.resolve('@callboard/server'));
      const versions = {
        callboard: callboardVersion(),
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        sqlite: process.versions.sqlite ?? 'unknown',
        pg: readVersion(server.resolve('pg/package.json')),
      };
      if (options.json) terminal.stdout.write(`${JSON.stringify(versions, null, 2)}\n`);
      else
        for (const [name, version] of Object.entries(versions))
          terminal.stdout.write(`${name.padEnd(10)} ${version}\n`);
    });
}
