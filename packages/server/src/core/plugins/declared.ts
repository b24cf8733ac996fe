import type { Entity } from '@callboard/model';
import { isJsonObject } from '@callboard/model';
import type { DeclaredData, PluginManifest } from '@callboard/model/plugins';
import { AppError } from '../errors/index.ts';
import { pluginErrors } from './errors.ts';
import type { Services } from './instance.ts';
import type { Jq } from './jq.ts';

type Who = { manifest: PluginManifest & { version: string }; configuration: Record<string, unknown>; target: string };

const failed = ({ manifest, target }: Who, reason: string) =>
  pluginErrors.failed({ plugin: manifest.id, version: manifest.version, target, reason });

/** Fills `{annotation:KEY}`, `{name}`, `{configuration:KEY}` … into an address, encoded for the place where they stand. */
function fillAddress(who: Who, template: string, entity: Entity | undefined): string {
  const valueOf = (word: string): unknown => {
    const [, kind, key = ''] = /^(\w+)(?::(.+))?$/.exec(word) ?? [];
    if (kind === 'configuration') return who.configuration[key];
    if (kind === 'annotation') return entity?.metadata.annotations?.[key];
    if (kind === 'name') return entity?.metadata.name;
    if (kind === 'namespace') return entity && (entity.metadata.namespace ?? 'default');
    if (kind === 'kind') return entity?.kind;
    return undefined;
  };
  return template.replaceAll(/\{([^{}]+)\}/g, (_whole, word: string) => {
    const value = valueOf(word);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw failed(who, `{${word}} has no value${entity ? ` for ${entity.metadata.name}` : ''}`);
    return encodeURIComponent(String(value));
  });
}

/** Asks the far side as a manifest declares it, and turns the answer by jq. Runs no code of the plugin. */
export async function askDeclared(
  parts: { services: Services; jq: Jq } & Who,
  from: DeclaredData,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { entity } = (isJsonObject(input) ? input : {}) as { entity?: Entity };
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [name, text] of Object.entries(from.headers ?? {})) {
    let filled = text;
    for (const [whole, secret] of text.matchAll(/\{secret:([A-Z][A-Z0-9_]*)\}/g))
      filled = filled.replace(whole, (await parts.services('secrets.get', { name: secret! }, signal)) as string);
    headers[name] = filled;
  }
  const url = fillAddress(parts, from.url, entity);
  const answer = (await parts.services('fetch', { url, headers }, signal)) as { status: number; body: string };
  if (answer.status >= 400) throw failed(parts, `${new URL(url).host} answered ${answer.status}`);
  const text = Buffer.from(answer.body, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw failed(parts, `${new URL(url).host} answered with something else than JSON`);
  }
  try {
    return await parts.jq.run(from.jq, text);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw failed(parts, (error as Error).message);
  }
}
