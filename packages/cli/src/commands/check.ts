import type { Command } from 'commander';
import { Option } from 'commander';
import { withProgress } from '../progress.ts';
import { sarifReport } from '../reports/sarif.ts';
import { textReport } from '../reports/text.ts';
import type { Outcome, Terminal } from '../terminal.ts';
import { callboardVersion } from './version.ts';

type Options = { format: 'text' | 'json' | 'sarif'; strict?: boolean; config?: string };

/** `callboard check` */
export function checkCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  program
    .command('check <paths...>')
    .description('check descriptors (catalog-info.yaml and others) exactly as the catalog reads them, without a portal')
    .addOption(
      new Option('--format <format>', 'how to print the result').choices(['text', 'json', 'sarif']).default('text'),
    )
    .option('--strict', 'fail on warnings too')
    .option('--config <file>', 'callboard.yaml with kinds of your own (catalog.kinds)')
    .addHelpText(
      'after',
      `
Examples:
  callboard check .                                       every descriptor below this folder
  callboard check 'services/*/catalog-info.yaml' --strict
  callboard check . --format sarif > callboard.sarif      for the code scanning page of a code host

Exit code: 0 nothing wrong, 1 errors (with --strict also warnings), 2 called wrongly.
`,
    )
    .action(async (paths: string[], options: Options) => {
      const { checkDescriptors } = await import('@callboard/server/check');
      const result = await withProgress(terminal, () => 'Checking…', checkDescriptors({ paths }));
      const report = { ...result, directory: terminal.directory, version: callboardVersion() };
      const { stdout } = terminal;
      if (options.format === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else if (options.format === 'sarif') stdout.write(`${JSON.stringify(sarifReport(report), null, 2)}\n`);
      else stdout.write(textReport(report, stdout));
      const failing = result.problems.some(
        ({ severity }) => severity === 'error' || (options.strict && severity === 'warning'),
      );
      outcome.exitCode = failing ? 1 : 0;
    });
}
