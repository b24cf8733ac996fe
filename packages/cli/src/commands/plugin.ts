import { watch } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { PluginDetail, PluginSummary, StagedPlugin } from '@callboard/model/http';
import { compareVersions, reachOf } from '@callboard/model/plugins';
import type { ContractExamples, PortalClient } from '@callboard/server/plugins';
import type { Command } from 'commander';
import { createPluginFolder } from '../plugin-template.ts';
import { type Outcome, type Terminal, UsageError } from '../terminal.ts';

type Options = { url?: string; json?: boolean; yes?: boolean };
const base = '/api/admin/plugins';
const examplesFile = 'callboard.test.json';
const kinds = ['server', 'declarative', 'full'] as const;
const tools = () => import('@callboard/server/plugins');

async function withPortal<R>(
  options: Options,
  terminal: Terminal,
  work: (portal: PortalClient) => Promise<R>,
): Promise<R> {
  const { createPortalClient } = await tools();
  const url = options.url ?? terminal.env.CALLBOARD_URL ?? 'http://127.0.0.1:7007';
  const portal = await createPortalClient({ url, token: terminal.env.CALLBOARD_TOKEN });
  try {
    return await work(portal);
  } finally {
    await portal.close();
  }
}

/** The tarball of a folder or a file; undefined for what is neither. */
async function localTarball(target: string, terminal: Terminal): Promise<Buffer | undefined> {
  const path = resolve(terminal.directory, target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (await tools()).packFolder(path);
  if (found?.isFile()) return readFile(path);
  if (/^\.{0,2}\/|\.tgz$/.test(target))
    throw new UsageError(`there is no ${target}`, 'Name a folder, a .tgz, a package or an address.');
  return undefined;
}

const list = (words: string[] | undefined) => (words && words.length > 0 ? words.join(', ') : undefined);

/** What a person must know before saying yes. */
function stagedText(staged: StagedPlugin): string {
  const { manifest, asks } = staged;
  const asked = [
    list(asks.hosts) && `call ${list(asks.hosts)}`,
    list(asks.secrets?.map(({ name }) => name)) && `read its secrets ${list(asks.secrets?.map(({ name }) => name))}`,
    ...(asks.catalog ?? []).map((right) => `${right} the catalog`),
    list(asks.settings) && `read ${list(asks.settings)} of the portal’s configuration, with the secrets in it`,
    asks.store && 'keep values in a store of its own',
    asks.files && 'write to a folder of its own',
  ].filter(Boolean);
  const contributed = Object.entries(staged.contributes).map(
    ([kind, entries]) => `${kind}: ${(entries as { id?: string }[]).map((entry) => entry.id ?? '').join(', ')}`,
  );
  return [
    `${manifest.title} (${manifest.id} ${manifest.version})${staged.installed ? `, in place of ${staged.installed}` : ''}`,
    `  from      ${staged.origin}`,
    `  sha256    ${staged.sha256}`,
    `  may       ${asked.length > 0 ? asked.join('; ') : 'nothing'}`,
    `  adds      ${contributed.length > 0 ? contributed.join('; ') : 'nothing'}`,
    ...reachOf(manifest.id, staged.contributes).map((line) => `  also      ${line}`),
    ...[...staged.faults, ...staged.warnings].map((fault) => `  note      ${fault.message}. ${fault.fix}`),
    '',
  ].join('\n');
}

async function stage(portal: PortalClient, target: string, terminal: Terminal): Promise<StagedPlugin> {
  const tarball = await localTarball(target, terminal);
  if (tarball) return portal.request('POST', `${base}/staged/upload`, tarball);
  return portal.request('POST', `${base}/staged`, /^https?:/.test(target) ? { url: target } : { package: target });
}

/** With everything that it asks for: whoever says yes has been shown that. */
const install = (portal: PortalClient, { sha256, asks }: StagedPlugin): Promise<PluginSummary> =>
  portal.request('POST', base, {
    sha256,
    grants: { ...asks, ...(asks.secrets && { secrets: asks.secrets.map(({ name }) => name) }) },
  });

const stateText = (plugin: PluginSummary) =>
  `${plugin.id} ${plugin.version} is ${plugin.state}${plugin.reason ? `: ${plugin.reason}` : ''}\n`;

/** `callboard plugin …` */
export function pluginCommand(program: Command, terminal: Terminal, outcome: Outcome): void {
  const plugin = program
    .command('plugin')
    .description('install, update and make plugins')
    .addHelpText(
      'after',
      '\nExamples:\n  callboard plugin create ./tides          a plugin to start from\n  callboard plugin add ./tides             look at it, and install it with --yes\n  callboard plugin add tides@1.2.0 --yes   from plugins.folder or plugins.registry\n\nadd, list, enable, disable, update, rollback, remove and dev talk to the running portal at --url, with CALLBOARD_TOKEN.\n',
    );
  const say = (text: string) => void terminal.stdout.write(text);
  const remote = (name: string, description: string) =>
    plugin
      .command(name)
      .description(description)
      .option('--url <address>', 'of the portal (CALLBOARD_URL, default http://127.0.0.1:7007)');

  for (const [name, description] of [
    ['add <package>', 'show what a plugin asks for and adds; install it with --yes'],
    ['update <package>', 'the same for a newer version of an installed plugin'],
  ] as const)
    remote(name, description)
      .option('--yes', 'install it with everything that it asks for')
      .option('--sha256 <hash>', 'install only if the tarball has this SHA-256')
      .action((target: string, options: Options & { sha256?: string }) =>
        withPortal(options, terminal, async (portal) => {
          const staged = await stage(portal, target, terminal);
          say(stagedText(staged));
          if (options.sha256 !== undefined && options.sha256.toLowerCase() !== staged.sha256)
            throw new UsageError(
              `the tarball has the SHA-256 ${staged.sha256}, not the one that was given`,
              'Do not install it before you know why.',
            );
          if (staged.faults.length > 0) {
            outcome.exitCode = 1;
            return;
          }
          if (!options.yes)
            return say(
              'Nothing is installed yet. Add --yes to install it, or install it in Admin → Plugins with less rights.\n',
            );
          say(stateText(await install(portal, staged)));
        }),
      );
  remote('list', 'every plugin and its state')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withPortal(options, terminal, async (portal) => {
        const { items } = (await portal.request('GET', base)) as { items: PluginSummary[] };
        if (options.json) return say(`${JSON.stringify(items, null, 2)}\n`);
        say(items.length === 0 ? 'No plugins are installed.\n' : items.map(stateText).join(''));
      }),
    );
  for (const [verb, description] of [
    ['enable', 'put a plugin into service, also out of quarantine'],
    ['disable', 'take a plugin out of service'],
  ] as const)
    remote(`${verb} <id>`, description).action((id: string, options: Options) =>
      withPortal(options, terminal, async (portal) =>
        say(stateText(await portal.request('POST', `${base}/${encodeURIComponent(id)}/${verb}`))),
      ),
    );
  remote('rollback <id> [version]', 'go back to the version before, or to the one that is named').action(
    (id: string, version: string | undefined, options: Options) =>
      withPortal(options, terminal, async (portal) => {
        const path = `${base}/${encodeURIComponent(id)}`;
        const detail = (await portal.request('GET', path)) as PluginDetail;
        const older = detail.versions
          .map((kept) => kept.version)
          .filter((kept) => compareVersions(kept, detail.version) < 0)
          .toSorted(compareVersions);
        const wanted = version ?? older.at(-1);
        if (wanted === undefined)
          throw new UsageError(`no version of ${id} before ${detail.version} is kept`, 'Add the one that you want.');
        say(stateText(await portal.request('PUT', `${path}/version`, { version: wanted })));
      }),
  );
  remote('remove <id>', 'remove a plugin with its versions and values').action((id: string, options: Options) =>
    withPortal(options, terminal, async (portal) => {
      await portal.request('DELETE', `${base}/${encodeURIComponent(id)}`);
      say(`${id} is removed\n`);
    }),
  );
  plugin
    .command('create <folder>')
    .description('make a plugin to start from')
    .option(
      '--kind <kind>',
      'server (views that the portal draws), declarative (no code) or full (a page of its own as well)',
      'server',
    )
    .action(async (folder: string, options: { kind: string }) => {
      const kind = kinds.find((each) => each === options.kind);
      if (!kind) throw new UsageError(`there is no kind ${options.kind}`, `Take ${kinds.join(', ')}.`);
      const path = resolve(terminal.directory, folder);
      await createPluginFolder(
        path,
        basename(path)
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]+/g, '-'),
        kind,
      );
      say(
        `${folder} is a plugin now. Next: callboard plugin check ${folder}, then callboard plugin add ${folder} --yes\n`,
      );
    });
  const tried = async (target: string) => {
    const tarball = await localTarball(target, terminal);
    if (!tarball)
      throw new UsageError(`${target} is no folder or file`, 'Name the folder of a plugin, or its tarball.');
    const { readPackage, tryOut } = await tools();
    const text = readPackage(tarball).files.get(examplesFile)?.toString('utf8') ?? '{}';
    let examples: ContractExamples;
    try {
      examples = JSON.parse(text) as ContractExamples;
    } catch (error) {
      throw new UsageError(`${examplesFile} is no JSON: ${(error as Error).message}`, 'Correct it.');
    }
    return tryOut(tarball, examples);
  };
  plugin
    .command('check [package]')
    .description('check a folder or tarball: manifest, files, contract, and what each contribution answers')
    .action(async (target = '.') => {
      const { manifest, faults, warnings, results } = await tried(target);
      for (const fault of [...faults, ...warnings]) say(`${fault.path}: ${fault.message}. ${fault.fix}\n`);
      const failed = results.filter(({ state }) => state === 'failed');
      for (const result of failed) say(`${result.target} failed: ${result.message}\n`);
      outcome.exitCode = faults.length + failed.length > 0 ? 1 : 0;
      if (outcome.exitCode === 0)
        say(`${manifest.id} ${manifest.version} is right and runs on this version of Callboard\n`);
    });
  plugin
    .command('test [package]')
    .description(`call every contribution with examples, from ${examplesFile} or made up, and check the answers`)
    .action(async (target = '.') => {
      const { manifest, faults, results } = await tried(target);
      for (const fault of faults) say(`${fault.path}: ${fault.message}. ${fault.fix}\n`);
      for (const { target: name, state, message } of results)
        say(`${state.padEnd(7)} ${name}${message === undefined ? '' : `: ${message}`}\n`);
      const count = (state: string) => results.filter((result) => result.state === state).length;
      say(
        `${manifest.id} ${manifest.version}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
      );
      outcome.exitCode = faults.length + count('failed') > 0 ? 1 : 0;
    });
  plugin
    .command('pack [folder]')
    .description('make the tarball of a plugin')
    .action(async (folder = '.') => {
      const { tryOut, packFolder } = await tools();
      const tarball = await packFolder(resolve(terminal.directory, folder));
      const { manifest, sha256, faults } = await tryOut(tarball);
      const [fault] = faults;
      if (fault) throw new UsageError(fault.message, fault.fix);
      if (manifest.proposed && manifest.proposed.length > 0)
        throw new UsageError(
          `it uses proposed parts of the contract: ${manifest.proposed.join(', ')}`,
          'They may change any day. Wait until they are part of it, then take `proposed` out of the manifest.',
        );
      const name = `${manifest.id}-${manifest.version}.tgz`;
      await writeFile(resolve(terminal.directory, name), tarball);
      say(`${name}\nsha256 ${sha256}\n`);
    });
  remote('dev [folder]', 'install a folder into the running portal, again at every save').action(
    (folder = '.', options: Options) =>
      withPortal(options, terminal, async (portal) => {
        const { packFolder } = await tools();
        const path = resolve(terminal.directory, folder);
        const send = async () => {
          const tarball = await packFolder(path, { version: (own) => `${own}-dev.${Date.now()}` });
          const staged = (await portal.request('POST', `${base}/staged/upload`, tarball)) as StagedPlugin;
          say(stateText(await install(portal, staged)));
        };
        let timer: NodeJS.Timeout | undefined;
        let last = Promise.resolve();
        const report = (error: Error & { fix?: string }) =>
          void terminal.stderr.write(`${error.message}\n  fix: ${error.fix ?? 'see above'}\n`);
        // Watched before it is sent for the first time, so that no save falls between.
        const watcher = watch(path, { recursive: true }, (_event, name) => {
          if (name && /(^|\/)(node_modules|\.git)(\/|$)|\.tgz$/.test(name)) return;
          clearTimeout(timer);
          timer = setTimeout(() => (last = last.then(send).catch(report)), 100);
        });
        try {
          await send();
          await new Promise<void>((done) => {
            for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
          });
        } finally {
          watcher.close();
          clearTimeout(timer);
        }
      }),
  );

  program
    .command('upgrade')
    .description('say for each plugin of a running portal whether it runs on this version of Callboard')
    .requiredOption('--check', 'only look; nothing is changed')
    .option('--url <address>', 'of the portal (CALLBOARD_URL, default http://127.0.0.1:7007)')
    .action((options: Options) =>
      withPortal(options, terminal, async (portal) => {
        const { compatibilityFaults } = await tools();
        const { items } = (await portal.request('GET', base)) as { items: PluginSummary[] };
        for (const { id, version } of items) {
          const { manifest } = (await portal.request('GET', `${base}/${id}`)) as PluginDetail;
          const [fault] = compatibilityFaults(manifest);
          if (fault) outcome.exitCode = 1;
          say(
            fault ? `${id} ${version} will not run: ${fault.message}. ${fault.fix}\n` : `${id} ${version} will run\n`,
          );
        }
        if (items.length === 0) say('No plugins are installed.\n');
      }),
    );
}
