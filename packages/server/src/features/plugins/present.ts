import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { PluginDetail, PluginSummary, WebPlugin } from '@callboard/model/http';
import type { ActivePlugin } from './active.ts';
import type { PluginsContext } from './context.ts';
import { hideSecrets, type SecretPlaces } from './hidden-values.ts';

const time = (at: number) => new Date(at).toISOString();

/** Differs with each change of a plugin. */
export const markOf = (plugin: ActivePlugin): string => String(plugin.stored?.updatedAt ?? 0);

/** Where secrets stand in its configuration. */
export const placesOf = ({ manifest, stored }: ActivePlugin): SecretPlaces => ({
  schema: manifest.configuration,
  paths: stored?.secretPaths,
});

/** A plugin as a line of the list. */
export const summaryOf = async (plugin: ActivePlugin): Promise<PluginSummary> => ({
  id: plugin.id,
  title: plugin.manifest.title,
  description: plugin.manifest.description,
  version: plugin.manifest.version,
  state: plugin.state,
  reason: plugin.state === 'enabled' ? undefined : plugin.reason,
  firstParty: plugin.firstParty !== undefined,
  runsIn: plugin.manifest.server === undefined ? 'nothing' : plugin.firstParty ? 'process' : 'child',
  running: plugin.supervisor.running,
  installedAt: plugin.stored && time(plugin.stored.installedAt),
  updatedAt: plugin.stored && time(plugin.stored.updatedAt),
  metrics: await plugin.supervisor.metrics(),
});

/** Everything about a plugin. */
export async function detailOf(context: PluginsContext, plugin: ActivePlugin): Promise<PluginDetail> {
  const { manifest, grants } = plugin;
  const versions = await context.store.versions(plugin.id);
  return {
    ...(await summaryOf(plugin)),
    manifest,
    sha256: plugin.stored?.sha256,
    asks: manifest.asks ?? {},
    grants,
    configuration: hideSecrets(placesOf(plugin), plugin.configuration, markOf(plugin)),
    secrets: (manifest.asks?.secrets ?? []).map(({ name, description }) => ({
      name,
      description,
      isSet: context.config.secrets[plugin.id]?.[name] !== undefined,
      granted: grants.secrets?.includes(name) ?? false,
    })),
    versions: versions.map(({ installedAt, ...version }) => ({ ...version, installedAt: time(installedAt) })),
    messages: plugin.supervisor.messages().map((message) => ({ ...message, at: time(message.at) })),
  };
}

const webs = new WeakMap<ActivePlugin, Promise<WebPlugin['web']>>();

/** Addresses and hashes of the scripts and style sheets of a web part; its folder is where the entry lies. */
async function webOf(plugin: ActivePlugin): Promise<WebPlugin['web']> {
  const { web } = plugin.manifest;
  if (!web) return undefined;
  const folder = await plugin.folder();
  const root = dirname(join(folder, web.entry));
  const names = (await readdir(root, { recursive: true })).filter((name) => /\.(js|mjs|css)$/.test(name));
  const mark = plugin.stored?.sha256 ?? plugin.manifest.version;
  const addressOf = (path: string) => `/api/plugins/${plugin.id}/files/${mark}/${path.split(sep).join('/')}`;
  const files: Record<string, string> = {};
  const styles: Record<string, string> = {};
  for (const name of names.sort()) {
    const bytes = await readFile(join(root, name));
    const path = relative(folder, join(root, name));
    (name.endsWith('.css') ? styles : files)[addressOf(path)] =
      `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
  }
  const url = addressOf(posix.normalize(web.entry));
  const { shared = {}, isolation = 'none' } = web;
  return { url, integrity: files[url] ?? '', files, styles, shared, isolation };
}

const faces = [
  'pages',
  'navigation',
  'tabs',
  'cards',
  'widgets',
  'adminPages',
  'searchResults',
  'fields',
  'columns',
  'checks',
] as const;

/** Whether the web app shows anything of a plugin. */
export const hasFace = ({ manifest }: ActivePlugin): boolean =>
  manifest.web !== undefined || faces.some((kind) => (manifest.contributes?.[kind]?.length ?? 0) > 0);

/** What the web app needs of an enabled plugin. Handlers without a face stay out. */
export async function webPluginOf(plugin: ActivePlugin, may: (permission: string) => boolean): Promise<WebPlugin> {
  let web = webs.get(plugin);
  if (!web) {
    web = webOf(plugin);
    webs.set(plugin, web);
    web.catch(() => webs.delete(plugin));
  }
  const { id, title, version, contributes = {} } = plugin.manifest;
  const { views, ...rest } = contributes;
  return {
    id,
    title,
    version,
    contributes: { ...rest, views: views?.map(({ from: _from, ...view }) => view) },
    permissions: (contributes.permissions ?? [])
      .map(({ id: name }) => name)
      .filter((name) => may(`plugin.${id}.${name}`)),
    web: await web,
  };
}
