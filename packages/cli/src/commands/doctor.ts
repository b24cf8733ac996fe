import type { Command } from 'commander';
import {
  configFinding,
  databaseFinding,
  dataFinding,
  type Finding,
  gitFinding,
  nodeFinding,
  portFinding,
  spaceFinding,
  webAppFinding,
} from '../diagnosis.ts';
import { withProgress } from '../progress.ts';
import { addServerOptions, loadConfiguration, type ServerOptions } from '../server-options.ts';
import { count, paint, type Outcome, type Terminal } from '../terminal.ts';

type Options = ServerOptions & { json?: boolean };

/** `callboard doctor` */
export function doctorCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  addServerOptions(program.command('doctor'))
    .description('check whether the portal can start on this machine, and say what to do where it cannot')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  callboard doctor
  callboard doctor --config callboard.yaml --port 80
  callboard doctor --database-url postgres://callboard@db.example.com/callboard

Nothing is changed. Exit code: 0 when nothing failed (warnings are fine), 1 otherwise.
`,
    )
    .action(async (options: Options) => {
      const findings: Finding[] = [];
      const tell = (finding: Finding) => {
        findings.push(finding);
        if (!options.json) terminal.stdout.write(findingText(finding, terminal));
      };
      await diagnose(options, terminal, tell);
      const failed = findings.filter((finding) => finding.status === 'failed').length;
      const warnings = findings.filter((finding) => finding.status === 'warning').length;
      if (options.json) terminal.stdout.write(`${JSON.stringify({ ok: failed === 0, findings }, null, 2)}\n`);
      else if (failed > 0) terminal.stdout.write(`\n${count(failed, 'check')} failed: the portal cannot start yet.\n`);
      else terminal.stdout.write(`\nThe portal can start${warnings > 0 ? `; ${count(warnings, 'warning')}` : ''}.\n`);
      outcome.exitCode = failed > 0 ? 1 : 0;
    });
}

async function diagnose(options: Options, terminal: Terminal, tell: (finding: Finding) => void): Promise<void> {
  tell(nodeFinding());
  tell(await gitFinding());
  const { finding, config } = await configFinding(() => loadConfiguration(options, terminal), terminal);
  tell(finding);
  tell(await webAppFinding());
  if (!config) return;
  const { directory } = config.values.data;
  tell(dataFinding(directory, terminal));
  tell(spaceFinding(directory));
  const database = await withProgress(terminal, () => 'Connecting to the database…', databaseFinding(config));
  tell(database);
  tell(await portFinding(config, database.status === 'warning'));
}

const styles = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

function findingText({ status, message, fix }: Finding, terminal: Terminal): string {
  const indent = ' '.repeat(10);
  const text = message.replaceAll('\n', `\n${indent}`);
  return `${paint(terminal.stdout, styles[status], status.padEnd(8))}  ${text}\n${fix ? `${indent}${fix}\n` : ''}`;
}
