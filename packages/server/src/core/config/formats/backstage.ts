import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { setNode } from '../overrides.ts';
import { isGroup } from '../schema.ts';
import type { ConfigNode, MapEntry, MapNode, PlainSchema, UnusedKey } from '../types.ts';
import { mapAuth } from './auth.ts';
import { mapBackend } from './backend.ts';
import { type KnownKey, knownKeys } from './known-keys.ts';

const ourRoots = ['server', 'data', 'database', 'log', 'outbound', 'access'];

/** Keys at the root of callboard.yaml that are kept for plugins and for features to come, with what becomes of them. */
export function reservedRoots(): Record<string, string> {
  const roots = Object.entries(knownKeys).filter(([key, known]) => known.later && !key.includes('.'));
  const described = ({ byPlugins, reason }: KnownKey) =>
    byPlugins ? `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.` : `Accepted without effect: ${reason}.`;
  return Object.fromEntries(roots.map(([key, known]) => [key, described(known)]));
}

/** Whether a file is written for Backstage: by its name, or because its keys are Backstage's and not ours. */
export function isBackstageConfig(file: string, root: MapNode): boolean {
  if (/^app-config[.\w-]*\.(ya?ml|json)$/i.test(basename(file))) return true;
  return root.entries.has('backend') && !ourRoots.some((key) => root.entries.has(key));
}

/** What is known of a key, or of the group it is in: credentials in `integrations` stay for the plugins that they are for. */
const knownKey = (path: string) =>
  knownKeys[path] ?? (path.startsWith('integrations.') ? knownKeys.integrations : undefined);

const unusedKey = (entry: MapEntry, reason: string): UnusedKey => ({
  key: entry.node.path,
  file: entry.key.file ?? '',
  line: entry.key.line ?? 0,
  reason,
  ...(knownKey(entry.node.path)?.byPlugins && { byPlugins: true }),
});

const byLine = (one: UnusedKey, other: UnusedKey) => one.line - other.line;

/** Takes the reserved keys out of a callboard.yaml, so that they are listed instead of being faults. */
export function reservedIn(root: MapNode, schema: PlainSchema): { root: MapNode; unusedKeys: UnusedKey[] } {
  const unusedKeys: UnusedKey[] = [];
  const kept = removeKeys(root, schema, (entry) => {
    const known = knownKey(entry.node.path);
    if (!known?.later) return false;
    unusedKeys.push(unusedKey(entry, known.reason));
    return true;
  });
  return { root: kept, unusedKeys: unusedKeys.sort(byLine) };
}

/** A copy of a tree without the keys that the schema does not know and that `remove` accepts. */
function removeKeys(node: MapNode, schema: PlainSchema, remove: (entry: MapEntry) => boolean): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const part = schema.properties?.[key];
    if (!part) {
      if (!remove(entry)) entries.set(key, entry);
    } else {
      entries.set(key, { key: entry.key, node: removeInside(entry.node, part, remove) });
    }
  }
  return { ...node, entries };
}

function removeInside(node: ConfigNode, schema: PlainSchema, remove: (entry: MapEntry) => boolean): ConfigNode {
  if (node.kind === 'map' && isGroup(schema)) return removeKeys(node, schema, remove);
  const { items } = schema;
  if (node.kind !== 'list' || !items) return node;
  return { ...node, items: node.items.map((item) => removeInside(item, items, remove)) };
}

/**
 * Turns an app-config.yaml into our keys. What has no counterpart is listed with the reason, never a fault.
 *
 * @param options.directory - folder of the file
 */
export function fromBackstage(
  root: MapNode,
  options: { directory: string; schema: PlainSchema },
): { root: MapNode; unusedKeys: UnusedKey[] } {
  const unusedKeys: UnusedKey[] = [];
  const unused = (entry: MapEntry, reason: string) => void unusedKeys.push(unusedKey(entry, reason));
  const backend = root.entries.get('backend');
  const auth = root.entries.get('auth')?.node;
  const own = (key: string) => key === 'backend' || (key === 'auth' && auth?.kind === 'map');
  const others = new Map([...root.entries].filter(([key]) => !own(key)));
  let ours = removeKeys({ ...root, entries: others }, options.schema, (entry) => {
    unused(entry, knownKey(entry.node.path)?.reason ?? unknownReason(entry.node.path));
    return true;
  });
  if (backend?.node.kind === 'map') {
    for (const { path, node } of mapBackend(backend.node, unused)) ours = setNode(ours, path.split('.'), node);
  } else if (backend && backend.node.kind !== 'fault') {
    unused(backend, 'has no meaning here: it holds no keys');
  }
  if (auth?.kind === 'map') ours = mapAuth(ours, auth, unused);
  ours = oneAddress(ours, root, unused);
  ours = knownLocations(ours, options.schema, unused);
  return { root: fileLocations(ours, options.directory), unusedKeys: unusedKeys.sort(byLine) };
}

const unknownReason = (path: string) =>
  path.includes('.')
    ? 'has no meaning here: callboard has no key for it'
    : 'belongs to a plugin, or has no meaning here: callboard has no key for it';

const isLocal = (address: string) => /^https?:\/\/(localhost|127\.|\[::1\]|0\.0\.0\.0)/i.test(address);

/** Backstage has one address for the pages and one for the API; here both are one. */
function oneAddress(ours: MapNode, root: MapNode, unused: (entry: MapEntry, reason: string) => void): MapNode {
  const entryAt = (group: string) => {
    const node = root.entries.get(group)?.node;
    const entry = node?.kind === 'map' ? node.entries.get('baseUrl') : undefined;
    return entry?.node.kind === 'scalar' && typeof entry.node.value === 'string'
      ? { entry, address: entry.node.value }
      : undefined;
  };
  const app = entryAt('app');
  const backend = entryAt('backend');
  if (!backend || (app && app.address.replace(/\/$/, '') === backend.address.replace(/\/$/, ''))) return ours;
  if (app && !isLocal(app.address)) {
    unused(backend.entry, 'has no meaning here: pages and API share one address, and app.baseUrl is used');
    return ours;
  }
  if (app) unused(app.entry, 'has no meaning here: pages and API share one address, and backend.baseUrl is used');
  return setNode(ours, ['app', 'baseUrl'], backend.entry.node);
}

const locationList = (ours: MapNode) => {
  const catalog = ours.entries.get('catalog')?.node;
  const list = catalog?.kind === 'map' ? catalog.entries.get('locations')?.node : undefined;
  return list?.kind === 'list' ? list : undefined;
};

/** Backstage's plugins bring types of locations of their own, such as `github-discovery`: those are listed and left out. */
function knownLocations(
  ours: MapNode,
  schema: PlainSchema,
  unused: (entry: MapEntry, reason: string) => void,
): MapNode {
  const list = locationList(ours);
  const known = schema.properties?.catalog?.properties?.locations?.items?.properties?.type?.anyOf;
  if (!list || !known) return ours;
  const items = list.items.filter((item) => {
    const type = item.kind === 'map' ? item.entries.get('type')?.node : undefined;
    if (type?.kind !== 'scalar' || known.some((choice) => choice.const === type.value)) return true;
    unused(
      { key: item, node: item },
      `has the type ${type.value}, which belongs to a plugin that this version does not have`,
    );
    return false;
  });
  return setNode(ours, ['catalog', 'locations'], { ...list, items });
}

/** Backstage's file locations start at its backend's package, ours at the file: relative targets are made absolute. */
function fileLocations(ours: MapNode, directory: string): MapNode {
  const backend = join(directory, 'packages', 'backend');
  const list = locationList(ours);
  if (!list || !existsSync(backend)) return ours;
  const items = list.items.map((item): ConfigNode => {
    if (item.kind !== 'map') return item;
    const type = item.entries.get('type')?.node;
    const target = item.entries.get('target')?.node;
    if (type?.kind !== 'scalar' || type.value !== 'file' || target?.kind !== 'scalar') return item;
    if (typeof target.value !== 'string' || isAbsolute(target.value)) return item;
    return setNode(item, ['target'], { ...target, value: resolve(backend, target.value) });
  });
  return setNode(ours, ['catalog', 'locations'], { ...list, items });
}
