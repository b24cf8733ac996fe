import { isJsonObject } from '@callboard/model';
import type { PluginFault } from '@callboard/model/http';
import { PluginManifest, proposedCodeHost, satisfiesRange } from '@callboard/model/plugins';
import { contractVersion, supportedContracts } from '@callboard/plugin-api';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { describeFaults } from '../http/faults.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, verbose: true, messages: false });
const compiled = new WeakMap<object, ValidateFunction>();

/** What is wrong with a value by a schema, in words; empty when nothing is. */
export function schemaFaults(schema: object, value: unknown, fix: string): PluginFault[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return describeFaults(validate.errors as ErrorObject[], 'Body').map(({ path, message, expected }) => ({
    path,
    message: message.replace('Body field', 'The field').replace('The request body', 'It'),
    expected,
    fix,
  }));
}

const drawnKinds = ['pages', 'tabs', 'cards', 'widgets', 'adminPages'] as const;
/** Contributions that need a handler of the server part; declared views and sources have their data otherwise. */
const handled = [
  'views',
  'routes',
  'sources',
  'actions',
  'checks',
  'codeHosts',
  'signIn',
  'searchSources',
  'notifiers',
  'connections',
  'tasks',
  'columns',
  'deployments',
] as const;

/** The names by which the handlers of a plugin are called. */
export function targetsOf(manifest: PluginManifest): string[] {
  const contributes = manifest.contributes ?? {};
  return handled.flatMap((role) =>
    (contributes[role] ?? [])
      .filter((entry) => !('from' in entry && entry.from))
      .flatMap((entry) => [
        `${role}/${entry.id}`,
        ...('does' in entry && Array.isArray(entry.does)
          ? entry.does.map((method) => `${role}/${entry.id}/${method}`)
          : []),
      ]),
  );
}

/** What the schema cannot say: names that point at each other, entries that are needed. */
function relations(manifest: PluginManifest): PluginFault[] {
  const faults: PluginFault[] = [];
  const contributes = manifest.contributes ?? {};
  const views = new Set((contributes.views ?? []).map(({ id }) => id));
  const pages = new Set((contributes.pages ?? []).map(({ id }) => id));
  const add = (path: string, message: string, fix: string, expected?: string) =>
    faults.push({ path, message, fix, expected });
  for (const kind of drawnKinds)
    (contributes[kind] ?? []).forEach(({ id, view, component }, index) => {
      const path = `/contributes/${kind}/${index}`;
      if ((view === undefined) === (component === undefined))
        add(path, `'${id}' must have either a view or a component`, 'Name one of the two.', 'view or component');
      if (view !== undefined && !views.has(view))
        add(
          `${path}/view`,
          `'${id}' shows the view '${view}', which is not declared`,
          'Declare it under contributes.views.',
          [...views].join(', ') || 'a view',
        );
      if (component !== undefined && !manifest.web)
        add(
          `${path}/component`,
          `'${id}' is drawn by a component, and there is no web entry`,
          'Add web.entry, or use a view.',
        );
    });
  (contributes.navigation ?? []).forEach(({ id, page }, index) => {
    if (!pages.has(page))
      add(
        `/contributes/navigation/${index}/page`,
        `'${id}' leads to the page '${page}', which is not declared`,
        'Declare it under contributes.pages.',
        [...pages].join(', ') || 'a page',
      );
  });
  for (const [kind, entries] of Object.entries(contributes)) {
    const seen = new Set<string | undefined>();
    entries?.forEach((entry, index) => {
      const { id } = entry as { id?: string };
      if (id !== undefined && seen.has(id))
        add(`/contributes/${kind}/${index}/id`, `'${id}' is there twice`, 'Give every contribution an id of its own.');
      seen.add(id);
    });
  }
  const permissions = (contributes.permissions ?? []).map(({ id }) => id);
  (contributes.routes ?? []).forEach(({ id, permission }, index) => {
    if (permission !== undefined && !permissions.includes(permission))
      add(
        `/contributes/routes/${index}/permission`,
        `'${id}' needs the permission '${permission}', which is not declared`,
        'Declare it under contributes.permissions.',
        permissions.join(', ') || 'a permission',
      );
  });
  (contributes.routes ?? []).forEach(({ id, open = false, method, path, permission, stream }, index) => {
    const at = `/contributes/routes/${index}`;
    if (open !== path.startsWith('/hooks/'))
      add(
        `${at}/path`,
        open
          ? `'${id}' is open, so its path must begin with /hooks/`
          : `'${id}' is not open, so its path may not begin with /hooks/`,
        'Change the path, or `open`.',
        open ? '/hooks/…' : undefined,
      );
    if (open && (method !== 'POST' || permission !== undefined || stream))
      add(
        at,
        `'${id}' is open, so it is called by POST, needs no permission and is no stream`,
        'Change the route, or `open`.',
      );
    if (stream && method !== 'GET')
      add(`${at}/method`, `'${id}' is a stream, so it is asked by GET`, 'Change the method.', 'GET');
  });
  (contributes.codeHosts ?? []).forEach(({ id, does = [] }, index) => {
    const tried = does.filter((method) => proposedCodeHost.methods.some((each) => each === method));
    if (tried.length > 0 && !manifest.proposed?.includes(proposedCodeHost.name))
      add(
        `/contributes/codeHosts/${index}/does`,
        `'${id}' does ${tried.join(', ')}, which ${tried.length === 1 ? 'is' : 'are'} only proposed: no portal asks for it yet`,
        `Leave it out, or name ${proposedCodeHost.name} under proposed to try it out.`,
      );
  });
  if ((contributes.sources ?? []).length > 0 && !manifest.asks?.catalog?.includes('write'))
    add(
      '/asks/catalog',
      'It has sources, and does not ask to add entities to the catalog',
      "Ask for it: asks.catalog with 'write'.",
      'write',
    );
  if (targetsOf(manifest).length > 0 && !manifest.server)
    add(
      '/server',
      `${targetsOf(manifest)[0]} needs a server part, and there is no server entry`,
      'Add server, or say where its data comes from with `from`.',
      'a .js or .mjs file',
    );
  return faults;
}

/** What is wrong with a manifest, everything at once. */
export function manifestFaults(manifest: unknown): PluginFault[] {
  const byForm = schemaFaults(PluginManifest, manifest, 'Correct the manifest.');
  if (byForm.length > 0) return byForm;
  const read = manifest as PluginManifest;
  const faults = relations(read);
  if (read.version === undefined)
    faults.push({
      path: '/version',
      message: 'The version is missing',
      expected: 'a version such as 1.0.0',
      fix: 'Put it into package.json, or beside the id.',
    });
  if (read.configuration) {
    try {
      ajv.compile(read.configuration);
    } catch (error) {
      faults.push({
        path: '/configuration',
        message: `The schema is not valid: ${(error as Error).message}`,
        fix: 'Write JSON Schema, draft 2020-12.',
      });
    }
  }
  return faults;
}

/** Why a plugin with a right manifest cannot run on this portal. */
export function compatibilityFaults(manifest: PluginManifest): PluginFault[] {
  const fits = supportedContracts.map((version) => satisfiesRange(version, manifest.engine));
  if (fits.includes(true)) return [];
  const unreadable = fits.every((fit) => fit === undefined);
  return [
    {
      path: '/engine',
      message: unreadable
        ? `engine '${manifest.engine}' is no range of versions`
        : `'${manifest.id}' ${manifest.version} is made for the plugin contract ${manifest.engine}; this portal has ${supportedContracts.join(', ')}`,
      expected: `^${contractVersion}`,
      fix: unreadable
        ? 'Write a range such as ^1.0.0.'
        : 'Use a version of the plugin that was made for this portal, or another version of the portal.',
    },
  ];
}

/** The manifest of a package: the text of its callboard.plugin.json, or `callboard` of its package.json. */
export function manifestOf(files: { manifest?: unknown; packageJson?: unknown }): unknown {
  const fromPackage = isJsonObject(files.packageJson) ? files.packageJson : {};
  const found = files.manifest ?? fromPackage['callboard'];
  if (!isJsonObject(found)) return found;
  return { ...found, version: fromPackage['version'] ?? found['version'] };
}
