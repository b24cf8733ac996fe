import type { Command } from 'commander';
import { Option } from 'commander';
import type { Problem } from '@callboard/model';
import type { CheckOptions, CheckResult } from '@callboard/server/check';
import { withProgress } from '../progress.ts';
import { sarifReport } from '../reports/sarif.ts';
import { textReport } from '../reports/text.ts';
import { loadConfiguration } from '../server-options.ts';
import { type Outcome, type Terminal, UsageError } from '../terminal.ts';
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
    .option('--config <file>', 'callboard.yaml with kinds and rules of your own (catalog.kinds, catalog.rules)')
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
      const result = await withProgress(terminal, () => 'Checking…', check(paths, options, terminal));
      const report = { ...result, directory: terminal.directory, version: callboardVersion() };
      const { stdout } = terminal;
      if (options.format === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else if (options.format === 'sarif') stdout.write(`${JSON.stringify(sarifReport(report), null, 2)}\n`);
      else stdout.write(textReport(report, stdout));
      const failing = result.problems.some(
        ({ severity }) => severity === 'error' || (options.strict === true && severity === 'warning'),
      );
      outcome.exitCode = failing ? 1 : 0;
    });
}

async function check(paths: string[], options: Options, terminal: Terminal): Promise<CheckResult> {
  const { checkDescriptors } = await import('@callboard/server/check');
  // Without --config a callboard.yaml that happens to lie here has no say: the same files give the same result everywhere.
  const catalog = options.config === undefined ? undefined : await catalogSettings(options, terminal);
  try {
    const { directory } = terminal;
    const result = await checkDescriptors({ paths, directory, kinds: catalog?.kinds, rules: catalog?.rules });
    if (result.files > 0) return { ...result, problems: result.problems.toSorted(byPlace) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'CATALOG_SOURCE_NOT_FOUND') throw new UsageError(message, whatToName);
    throw error;
  }
  throw new UsageError(`there is no descriptor in ${paths.join(', ')}`, whatToName);
}

const whatToName = 'Name files, globs, or folders that hold a catalog-info.yaml.';

const byPlace = (one: Problem, other: Problem) =>
  (one.location ?? '').localeCompare(other.location ?? '') ||
  (one.line ?? 0) - (other.line ?? 0) ||
  (one.column ?? 0) - (other.column ?? 0);

type CatalogSettings = Pick<CheckOptions, 'kinds' | 'rules'>;

async function catalogSettings(options: Options, terminal: Terminal): Promise<CatalogSettings | undefined> {
  const { values } = await loadConfiguration({ config: options.config }, terminal);
  return (values as { catalog?: CatalogSettings }).catalog;
}
