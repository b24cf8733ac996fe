import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { withProgress } from '../progress.ts';
import { sarifReport } from '../reports/sarif.ts';
import { textReport } from '../reports/text.ts';
import { count, type Outcome, shownPath, type Terminal, UsageError } from '../terminal.ts';
import { callboardVersion } from './version.ts';

const portOf = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return port;
};

/** The folder that a person named. */
async function folderOf(path: string, terminal: Terminal): Promise<string> {
  const folder = resolve(terminal.directory, path);
  if ((await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  throw new UsageError(`there is no folder ${path}`, 'Name the folder with mkdocs.yml, docs/ or a README.');
}

/** `callboard docs serve|build|check` */
export function docsCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const docs = program
    .command('docs')
    .description('documents beside the code: see them while writing, build them, check them');
  const { stdout } = terminal;
  docs
    .command('serve [folder]')
    .description('show the documents in a folder on this machine, and again whenever a file changes')
    .addOption(new Option('--port <port>', 'where to listen').argParser(portOf).default(8000))
    .action(async (path: string | undefined, { port }: { port: number }) => {
      const folder = await folderOf(path ?? '.', terminal);
      const { loadPreview } = await import('@callboard/server/documents');
      const { previewDocs } = await loadPreview();
      const { url, stop } = await previewDocs({ folder, port });
      stdout.write(`Documents of ${shownPath(folder, terminal.directory)} at ${url}/ (Ctrl+C ends)\n`);
      await new Promise<void>((done) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
      });
      await stop();
    });
  docs
    .command('build [folder]')
    .description('build a site that opens from the disk; its layout is the one that techdocs-cli publishes')
    .option('-o, --out <folder>', 'where to write it', 'site')
    .action(async (path: string | undefined, { out }: { out: string }) => {
      const folder = await folderOf(path ?? '.', terminal);
      const target = resolve(terminal.directory, out);
      const { buildDocs } = await (await import('@callboard/server/documents')).loadDocumentTools();
      const { pages, problems } = await withProgress(terminal, () => 'Building…', buildDocs({ folder, out: target }));
      const found = problems === 0 ? '' : ` ${count(problems, 'problem')}: callboard docs check lists them.`;
      stdout.write(
        `${count(pages, 'page')} in ${shownPath(join(target, 'index.html'), terminal.directory)}.${found}\n`,
      );
    });
  docs
    .command('check [folder]')
    .description('find broken links, missing images, pages outside the navigation and syntax that is not known')
    .addOption(
      new Option('--format <format>', 'how to print the result').choices(['text', 'json', 'sarif']).default('text'),
    )
    .option('--strict', 'fail on notes too')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing wrong, 1 errors or warnings (with --strict also notes), 2 called wrongly.\n',
    )
    .action(async (path: string | undefined, options: { format: string; strict?: boolean }) => {
      const folder = await folderOf(path ?? '.', terminal);
      const { checkDocs } = await (await import('@callboard/server/documents')).loadDocumentTools();
      const result = await withProgress(terminal, () => 'Checking…', checkDocs(folder));
      const report = {
        ...result,
        documents: result.files,
        entities: 0,
        checked: count(result.files, 'page'),
        directory: terminal.directory,
        version: callboardVersion(),
      };
      if (options.format === 'json') stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else if (options.format === 'sarif') stdout.write(`${JSON.stringify(sarifReport(report), null, 2)}\n`);
      else stdout.write(textReport(report, stdout));
      const failing = result.problems.some(({ severity }) => severity !== 'information' || options.strict === true);
      outcome.exitCode = failing ? 1 : 0;
    });
  for (const command of docs.commands)
    command.showHelpAfterError(`(callboard docs ${command.name()} --help explains it)`);
}
