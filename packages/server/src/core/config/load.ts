import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { JsonValue } from '@callboard/model';
import type { Static } from '@callboard/model/schema';
import { ConfigError } from './errors.ts';
import { explainKeys } from './explain.ts';
import { fromBackstage, isBackstageConfig, reservedIn } from './formats/backstage.ts';
import { applyOverrides, environmentValue, wantsExample } from './overrides.ts';
import { mergeSections } from './schema.ts';
import { coreSections } from './sections.ts';
import type { Config } from './sections.ts';
import { readText, substitute } from './substitute.ts';
import { nodeAt, readTree } from './tree.ts';
import type {
  ConfigNode,
  ConfigEntry,
  ConfigFault,
  ConfigFlags,
  ConfigOrigin,
  ConfigSection,
  MapNode,
  UnusedKey,
} from './types.ts';
import { readValues } from './validate.ts';

type UnionToIntersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;
type SectionValues<S extends readonly ConfigSection[]> = S extends readonly []
  ? unknown
  : UnionToIntersection<Static<S[number]['schema']>>;

/** A configuration that is valid as a whole. */
export type LoadedConfig<Values = unknown> = {
  /** Core's keys and those of the given sections, defaults filled in; `data.directory` is absolute */
  values: Config & Values;
  /** The file that was read, absolute; undefined when there is none */
  file?: string;
  /** Where relative paths start: the folder of the file, or the working directory */
  directory: string;
  /** Keys that were accepted and have no effect in the portal itself, in the order of the file */
  unusedKeys: UnusedKey[];
  /** Paths and addresses given on the command line */
  targets: string[];
  /** false after `--no-example` */
  example: boolean;
  explain(): ConfigEntry[];
  /**
   * What the file says under a key that no section owns, or below `integrations` and `catalog.providers`: `integrations.acme`. Values that refer to a variable that is not
   * set are left out.
   */
  settingOf(name: string): JsonValue | undefined;
  /** Where a key stands, by its way from the root; of what is not written, where the last part of the way is that is. */
  placeOf(keys: string[]): ConfigOrigin;
};

/** What `loadConfig` is given; everything but the sections may be left out. */
export type LoadOptions<S extends readonly ConfigSection[]> = {
  file?: string;
  flags?: ConfigFlags;
  env?: NodeJS.ProcessEnv;
  workingDirectory?: string;
  sections: S;
};

/**
 * Reads the configuration: the file (`file`, else CALLBOARD_CONFIG, else callboard.yaml in the working directory), then
 * environment variables, then flags. An app-config.yaml of Backstage is read too.
 *
 * @throws ConfigError with every fault at once
 */
export function loadConfig<const S extends readonly ConfigSection[]>(
  options: LoadOptions<S>,
): LoadedConfig<SectionValues<S>> {
  const { flags = {}, env = process.env, workingDirectory = process.cwd() } = options;
  const sections = [...coreSections, ...options.sections];
  const schema = mergeSections(sections);
  const { file, text } = findFile(options.file, env, workingDirectory);
  const directory = file ? dirname(file) : workingDirectory;
  const read =
    file === undefined
      ? { root: emptyTree(), whole: emptyTree(), unusedKeys: [] }
      : readFile(file, text, { env, directory, schema });
  const root = applyOverrides(read.root, { flags, env, workingDirectory });
  const { values, faults } = readValues(schema, root);
  const { example, faults: exampleFaults } = wantsExample(flags, env);
  const all = [...faults, ...exampleFaults];
  if (all.length > 0) throw new ConfigError(all.sort(byPlace));
  const config = values as Config & SectionValues<S>;
  config.data.directory = resolve(directory, config.data.directory);
  return {
    values: config,
    file,
    directory,
    unusedKeys: read.unusedKeys,
    targets: flags.targets ?? [],
    example,
    explain: () => explainKeys(sections, config, root),
    settingOf(name) {
      const keys = name.split('.');
      const isOpen = openKeys.some((open) => `${name}.`.startsWith(`${open}.`));
      const isOwned = schema.properties?.[keys[0]!] !== undefined && !isOpen;
      const { node, found } = nodeAt(read.whole, keys);
      return isOwned || !found ? undefined : plainValue(node);
    },
    placeOf(keys) {
      const { file: at, line, column, source } = nodeAt(root, keys).node;
      return { file: at, line, column, source };
    },
  };
}

/** Keys of the portal's sections below which there is something for plugins. */
const openKeys = ['integrations', 'catalog.providers'];

/** What a part of the file says, as far as it can be known. */
function plainValue(node: ConfigNode): JsonValue | undefined {
  if (node.kind === 'fault') return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map((item) => plainValue(item) ?? null);
  const entries = [...node.entries].map(([key, entry]) => [key, plainValue(entry.node)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}

const emptyTree = (): MapNode => ({ kind: 'map', entries: new Map(), path: '' });

const byPlace = (one: ConfigFault, other: ConfigFault) =>
  (one.file ?? '').localeCompare(other.file ?? '') ||
  (one.line ?? 0) - (other.line ?? 0) ||
  (one.column ?? 0) - (other.column ?? 0);

function findFile(
  wanted: string | undefined,
  env: NodeJS.ProcessEnv,
  workingDirectory: string,
): { file?: string; text: string } {
  const variable = environmentValue(env, 'CALLBOARD_CONFIG');
  const named = wanted ?? variable;
  const file =
    named === undefined
      ? ['callboard.yaml', 'callboard.yml']
          .map((name) => resolve(workingDirectory, name))
          .find((path) => existsSync(path))
      : resolve(workingDirectory, named);
  if (file === undefined) return { text: '' };
  const content = readText(file);
  if (content.problem === undefined) return { file, text: content.text };
  const source = wanted === undefined && variable !== undefined ? 'environment variable CALLBOARD_CONFIG' : undefined;
  const fix =
    'Give the path of a callboard.yaml or app-config.yaml with --config, or start without --config to use the defaults.';
  throw new ConfigError([{ source, path: '', message: `the configuration file ${file} ${content.problem}`, fix }]);
}

function readFile(
  file: string,
  text: string,
  options: { env: NodeJS.ProcessEnv; directory: string; schema: ReturnType<typeof mergeSections> },
): { root: MapNode; whole: MapNode; unusedKeys: UnusedKey[] } {
  const { root: read, faults } = readTree(file, text);
  if (faults.length > 0) throw new ConfigError(faults);
  const root = read && substitute(read, { env: options.env, directory: options.directory, files: [file] });
  if (root === undefined || (root.kind === 'scalar' && root.value === null))
    return { root: emptyTree(), whole: emptyTree(), unusedKeys: [] };
  if (root.kind === 'fault') throw new ConfigError(root.faults);
  if (root.kind !== 'map') {
    const fix = 'Start the file with keys such as `server:`; the keys and their meaning: `callboard config explain`.';
    throw new ConfigError([
      { file, line: root.line, column: root.column, path: '', message: 'the file holds no keys', fix },
    ]);
  }
  const ours = isBackstageConfig(file, root) ? fromBackstage(root, options) : reservedIn(root, options.schema);
  return { ...ours, whole: root };
}
