import { Command, CommanderError } from 'commander';
import { accessCommand } from './commands/access.ts';
import { checkCommand } from './commands/check.ts';
import { configCommand } from './commands/config.ts';
import { docsCommand } from './commands/docs.ts';
import { doctorCommand } from './commands/doctor.ts';
import { pluginCommand } from './commands/plugin.ts';
import { startCommand } from './commands/start.ts';
import { templateCommand } from './commands/template.ts';
import { tokenCommand } from './commands/token.ts';
import { userCommand } from './commands/user.ts';
import { callboardVersion, versionCommand } from './commands/version.ts';
import { type Outcome, paint, reportError, type Terminal } from './terminal.ts';

const examples = `
Examples:
  callboard start                     the portal with the example company
  callboard start ./services          the portal with your own descriptors
  callboard check .                   are the descriptors in this folder right?
  callboard docs serve ./service      documents as readers will see them, while you write
  callboard doctor                    can the portal start on this machine?
  callboard template test ./service   what would this template make?

Each command explains itself: callboard start --help
`;

function createProgram(terminal: Terminal, outcome: Outcome): Command {
  const program = new Command('callboard')
    .description('Callboard: an internal developer portal that is true in five minutes')
    .version(callboardVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', examples);
  // Subcommands inherit these, so they come before them.
  program
    .exitOverride()
    .showHelpAfterError(`(callboard --help lists the commands)`)
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => Math.min(terminal.stdout.columns ?? 100, 120),
      getErrHelpWidth: () => Math.min(terminal.stderr.columns ?? 100, 120),
      outputError: (text, write) => write(text.replace(/^error:/, paint(terminal.stderr, ['bold', 'red'], 'error:'))),
    });
  for (const add of [
    startCommand,
    checkCommand,
    configCommand,
    docsCommand,
    doctorCommand,
    templateCommand,
    pluginCommand,
    accessCommand,
    userCommand,
    tokenCommand,
    versionCommand,
  ])
    add(program, terminal, outcome);
  for (const command of program.commands)
    command.showHelpAfterError(`(callboard ${command.name()} --help explains it)`);
  return program;
}

/**
 * Runs the command line.
 *
 * @param args - without the program's own name
 * @returns the exit code: 0 done, 1 something is wrong, 2 called wrongly
 */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  const outcome: Outcome = { exitCode: 0 };
  const program = createProgram(terminal, outcome);
  try {
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error, terminal);
  }
}
