import { isJsonObject, type Entity, type JsonObject, type JsonValue } from '@callboard/model';
import type { ContributionCondition, DeclaredData, PluginManifest } from '@callboard/model/plugins';
import { AppError } from '../errors/index.ts';
import { answerFault } from './answers.ts';
import { askDeclared } from './declared.ts';
import { pluginErrors } from './errors.ts';
import type { Instance, Services } from './instance.ts';
import { createJq } from './jq.ts';
import { targetsOf } from './manifest.ts';

/** What a plugin is tried with, from its callboard.test.json; everything may be left out. */
export type ContractExamples = {
  configuration?: JsonObject;
  /** by name */
  secrets?: Record<string, string>;
  entities?: Entity[];
  /** what hosts answer, by how the address begins */
  fetch?: Record<string, JsonValue>;
  /** by target: `routes/note`, `actions/acme:ticket` */
  inputs?: Record<string, JsonObject>;
};

/** What came of one contribution. */
export type ContractResult = { target: string; state: 'passed' | 'failed' | 'skipped'; message?: string };

const limitMs = 10_000;

/** An entity that fulfils a condition. */
function entityFor(when: ContributionCondition | undefined): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: when?.kind?.[0] ?? 'Component',
    metadata: {
      name: 'example',
      annotations: Object.fromEntries((when?.annotations ?? []).map((key) => [key, 'example'])),
    },
    spec: { type: when?.type?.[0] ?? 'service', lifecycle: 'production', owner: 'group:default/example' },
  };
}

/** A value that a simple schema takes. */
function exampleOf(schema: unknown): JsonValue {
  if (!isJsonObject(schema)) return 'example';
  const { type, properties, required } = schema;
  for (const given of [schema['default'], schema['const'], Array.isArray(schema['enum']) && schema['enum'][0]])
    if (given !== undefined && given !== false) return given;
  if (type === 'number' || type === 'integer') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type !== 'object') return 'example';
  const names = Array.isArray(required) ? required.map(String) : [];
  return Object.fromEntries(names.map((name) => [name, exampleOf((properties as JsonObject | undefined)?.[name])]));
}

/** The portal's side of a plugin under test: nothing leaves the machine, and nothing is kept. */
export function exampleServices(examples: ContractExamples, asked: Set<string>): Services {
  const values = new Map<string, unknown>();
  return async (service, input) => {
    const { key, value, name, prefix, url } = (input ?? {}) as Record<string, string>;
    if (service === 'store.get') return values.get(key!) ?? null;
    if (service === 'store.set') return void values.set(key!, value);
    if (service === 'store.delete') return void values.delete(key!);
    if (service === 'store.add') {
      if (values.has(key!)) return false;
      values.set(key!, value);
      return true;
    }
    if (service === 'store.entries') {
      const keys = [...values.keys()].filter((each) => each.startsWith(prefix ?? '')).toSorted();
      return keys.map((each) => ({ key: each, value: values.get(each) }));
    }
    if (service === 'store.list') return [...values.keys()].filter((each) => each.startsWith(prefix ?? '')).toSorted();
    if (service === 'secrets.get') return examples.secrets?.[name!] ?? 'example-secret';
    if (service === 'catalog.get') return examples.entities ?? [];
    if (service === 'catalog.refs' || service === 'catalog.deployments') return [];
    if (service !== 'fetch') return null;
    const found = Object.entries(examples.fetch ?? {}).find(([start]) => url!.startsWith(start));
    if (!found) {
      asked.add(url!);
      throw pluginErrors.input({ plugin: 'example', version: '', what: url!, reason: 'no answer is given for it' });
    }
    const body = Buffer.from(JSON.stringify(found[1])).toString('base64');
    return { status: 200, headers: { 'content-type': 'application/json' }, url, body };
  };
}

/** What a contribution is called with; a text says why it cannot be. */
function inputFor(manifest: PluginManifest, target: string, examples: ContractExamples): JsonObject | string {
  const given = examples.inputs?.[target];
  const [role, id] = target.split('/');
  const contributes = manifest.contributes ?? {};
  const entityOf = (when: ContributionCondition | undefined) =>
    (examples.entities?.[0] ?? entityFor(when)) as unknown as JsonValue;
  switch (role) {
    case 'views': {
      const shown = [...(contributes.cards ?? []), ...(contributes.tabs ?? [])].find(({ view }) => view === id);
      return given ?? (shown ? { entity: entityOf(shown.when) } : {});
    }
    case 'checks':
      return given ?? { entity: entityOf(contributes.checks?.find((check) => check.id === id)?.when) };
    case 'routes': {
      const { method, path, open } = contributes.routes!.find((route) => route.id === id)!;
      const words = path.split('/').filter((word) => word.startsWith(':'));
      const params = Object.fromEntries(words.map((word) => [word.slice(1), 'example']));
      const body = given?.['body'] ?? null;
      const hook: JsonObject = open ? { headers: {}, text: body === null ? '' : JSON.stringify(body) } : {};
      return { method, path, params, query: {}, body, ...hook, ...given };
    }
    case 'actions': {
      const action = contributes.actions!.find((each) => each.id === id)!;
      if (!action.dryRun && !given) return 'it has no dry run; give an input in callboard.test.json to run it';
      return {
        input: given ?? exampleOf(action.input ?? { type: 'object' }),
        key: 'example',
        dryRun: !given,
      };
    }
    case 'connections':
      return given ?? { configuration: examples.configuration ?? {} };
    case 'columns':
      return given ?? { entities: [entityOf(contributes.columns?.find((column) => column.id === id)?.when)] };
    case 'notifiers':
      return given ?? { to: 'user:default/example', title: 'Example', text: 'An example.' };
    case 'codeHosts':
    case 'signIn':
      return given ?? 'it is of several methods; give their inputs in callboard.test.json, such as codeHosts/main/owns';
    default:
      return given ?? {};
  }
}

/** Calls every contribution of a plugin that runs, and looks at the shape of what it answers. */
export async function runContract(
  instance: Instance,
  manifest: PluginManifest,
  examples: ContractExamples,
  asked: Set<string>,
): Promise<ContractResult[]> {
  const results: ContractResult[] = [];
  const methods = Object.keys(examples.inputs ?? {}).filter((target) => target.split('/').length === 3);
  const whole = targetsOf(manifest).filter(
    (target) => !methods.some((method) => method === target || method.startsWith(`${target}/`)),
  );
  for (const target of [...whole, ...methods]) {
    const input = methods.includes(target) ? examples.inputs![target]! : inputFor(manifest, target, examples);
    if (typeof input === 'string') {
      results.push({ target, state: 'skipped', message: input });
      continue;
    }
    asked.clear();
    try {
      const context = target.startsWith('routes/')
        ? { user: 'user:default/example', permissions: (manifest.contributes?.permissions ?? []).map(({ id }) => id) }
        : {};
      const visible = async (refs: string[]) => refs;
      const seeing = target.startsWith('routes/') ? { visible } : {};
      const value = await instance.call(target, { input, context, timeoutMs: limitMs, ...seeing });
      const fault = answerFault(manifest, target, value);
      results.push(fault === undefined ? { target, state: 'passed' } : { target, state: 'failed', message: fault });
    } catch (error) {
      const [url] = asked;
      results.push(
        url === undefined
          ? { target, state: 'failed', message: error instanceof AppError ? error.message : String(error) }
          : { target, state: 'skipped', message: `it asks ${url}; give an answer under fetch in callboard.test.json` },
      );
    }
  }
  return results;
}

/** Asks for declared views and sources as the portal does, with answers that are given, and looks at what jq makes of them. */
export async function runDeclared(
  manifest: PluginManifest & { version: string },
  examples: ContractExamples,
): Promise<ContractResult[]> {
  const { views = [], sources = [] } = manifest.contributes ?? {};
  const asked = new Set<string>();
  const parts = { manifest, configuration: examples.configuration ?? {}, services: exampleServices(examples, asked) };
  const jq = createJq();
  const resultOf = async (target: string, from: DeclaredData): Promise<ContractResult> => {
    asked.clear();
    const input = inputFor(manifest, target, examples);
    try {
      const value = await askDeclared({ ...parts, jq, target }, from, input, AbortSignal.timeout(limitMs));
      const entities = Array.isArray(value) && target.startsWith('sources/') ? { entities: value } : value;
      const message = answerFault(manifest, target, entities);
      return message === undefined ? { target, state: 'passed' } : { target, state: 'failed', message };
    } catch (error) {
      const [url] = asked;
      if (url === undefined) return { target, state: 'failed', message: (error as Error).message };
      // Without an answer it is known at least whether jq can read the program.
      const fault = await jq.run(from.jq, 'null').then(
        () => '',
        (said: Error) => said.message,
      );
      if (/compile error/.test(fault)) return { target, state: 'failed', message: fault };
      return { target, state: 'skipped', message: `it asks ${url}; give an answer under fetch in callboard.test.json` };
    }
  };
  const results: ContractResult[] = [];
  for (const [role, entries] of Object.entries({ views, sources }))
    for (const { id, from } of entries) if (from) results.push(await resultOf(`${role}/${id}`, from));
  await jq.close();
  return results;
}
